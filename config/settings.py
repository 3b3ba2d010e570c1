"""Everything configurable, with defaults that need no configuration.

Each field can be set by an environment variable with the prefix ``FREELANCEX_`` or in a ``.env`` file at the root,
for example ``FREELANCEX_PORT=8080``.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.paths import ROOT, Paths, machine_cache


class McpServer(BaseModel):
    """A server of tools, started by a command or reached at a `url`; only the `tools` named may be used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: tuple[str, ...] = ()
    url: str = ""
    tools: tuple[str, ...] = ()


class Settings(BaseSettings):
    """The settings of one installation. Frozen: whoever needs another value makes another object."""

    model_config = SettingsConfigDict(
        env_prefix="FREELANCEX_", env_file=ROOT / ".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    data_dir: Path = Field(default=ROOT / "data", description="Where everything FreelanceX remembers is kept.")
    cache_dir: Path = Field(
        default_factory=machine_cache,
        description="Where what is learned once a machine is kept; nothing of yours is in it.",
    )
    host: str = Field(default="127.0.0.1", description="The address the web app listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="The port the web app listens on.")
    auth: Literal["none", "password", "oauth", "header"] = Field(
        default="none",
        description="How people sign in: not at all (this computer only), by password, at a provider, by a proxy.",
    )
    trusted_hosts: str = Field(
        default="", description="Names this server is reached by, parted by commas, as in office.example."
    )
    trusted_proxies: str = Field(
        default="", description="Addresses or networks of proxies in front, parted by commas, whose headers count."
    )
    https: bool = Field(default=False, description="The page is reached by https, through a proxy in front of it.")
    auth_header: str = Field(default="X-Forwarded-User", description="The header in which the proxy names who asks.")
    auth_allow: str = Field(
        default="", description="Mail addresses, or @domains, that may sign in without an invitation, parted by commas."
    )
    oauth_issuer: str = Field(default="", description="The provider people sign in at, as in https://id.example.")
    oauth_client: str = Field(default="", description="The id FreelanceX has at that provider.")
    oauth_secret: str = Field(default="", repr=False, description="The secret that belongs to it.")
    database_url: str | None = Field(default=None, description="Another database than the SQLite file in data_dir.")
    keys: Literal["auto", "keyring", "passphrase", "file"] = Field(
        default="auto",
        description="Who keeps the key to everything stored: the system's keyring, a passphrase, or a file.",
    )
    passphrase: str | None = Field(default=None, repr=False, description="The passphrase, where one keeps the key.")
    model: str | None = Field(
        default=None,
        description="A language model: a path to a .gguf file, server:PATH.gguf, ollama:NAME, or an address#NAME.",
    )
    model_spare: str | None = Field(default=None, description="The model that is asked while the other cannot answer.")
    model_key: str | None = Field(default=None, repr=False, description="The key of the model's server, if it has one.")
    model_waiting: int = Field(default=16, ge=0, description="Questions of each user that may wait for a model.")
    model_memory: float = Field(
        default=85.0, gt=0, le=100, description="Percent of memory in use above which idle models are unloaded."
    )
    llama_server: str = Field(default="llama-server", description="The llama-server program, by path or on the PATH.")
    embeddings: Literal["auto", "off"] = Field(
        default="auto", description="Compare texts also by their meaning, with a small model that comes along."
    )
    model_plan_s: float = Field(
        default=20.0, ge=0, description="Seconds a model may take to plan; with 0 it never does."
    )
    offline: bool = Field(default=False, description="Refuse every request that would leave this machine.")
    contact: str | None = Field(
        default=None,
        pattern=r"^[ -~]+$",
        description="An e-mail or web address sent with each request, for those who run the sites.",
    )
    open_browser: bool = Field(default=True, description="Open the chat in a browser when there is a display.")
    otlp: str | None = Field(
        default=None, description="The address of an OpenTelemetry collector of yours, as in http://127.0.0.1:4318."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    searxng: str | None = Field(default=None, description="The address of a SearXNG server to search the web with.")
    brave_key: str | None = Field(default=None, repr=False, description="A key of Brave Search.")
    openalex_key: str | None = Field(default=None, repr=False, description="A key of OpenAlex, for papers.")
    semantic_scholar_key: str | None = Field(default=None, repr=False, description="A key of Semantic Scholar.")

    freelancer_token: str | None = Field(default=None, repr=False, description="A token of Freelancer.com's API.")
    upwork_token: str | None = Field(default=None, repr=False, description="An OAuth access token of Upwork's API.")
    upwork_tenant: str | None = Field(default=None, description="The organisation at Upwork that the token is for.")
    adzuna_id: str | None = Field(default=None, description="The application id that belongs to the key of Adzuna.")
    adzuna_key: str | None = Field(default=None, repr=False, description="A key of Adzuna, for job ads.")
    adzuna_country: str = Field(default="us", pattern="^[a-z]{2}$", description="The country Adzuna is asked about.")
    addresses: dict[str, str] = Field(
        default_factory=dict, description='Addresses asked instead of the sources\' own: {"frankfurter": "https://…"}.'
    )

    caldav: str | None = Field(default=None, description="The address of a CalDAV server that keeps your calendar.")
    caldav_user: str = Field(default="", description="Your name at the CalDAV server.")
    caldav_password: str = Field(default="", repr=False, description="Your password there; better one made for apps.")

    imap_host: str | None = Field(default=None, description="Your mail server for reading, as host or host:port.")
    smtp_host: str | None = Field(default=None, description="Your mail server for sending, as host or host:port.")
    mail_user: str = Field(default="", description="Your name at the mail servers.")
    mail_password: str = Field(default="", repr=False, description="Your password there; better one made for apps.")
    mail_from: str = Field(default="", description="Your mail address, where it is another than the name above.")

    detector: str | None = Field(
        default=None, description="An .onnx file with a YOLO network that finds objects on pictures."
    )
    speech_server: str | None = Field(
        default=None, description="The address of a server that recognises speech, which then hears recordings."
    )
    speech_model: str = Field(default="", description="The model that server is asked for; whisper-1 unless set.")
    speech_key: str | None = Field(default=None, repr=False, description="The key of that server, if it has one.")

    stripe_key: str | None = Field(
        default=None, repr=False, description="A restricted key of Stripe, first of test mode."
    )

    mcp_servers: dict[str, McpServer] = Field(
        default_factory=dict, description='Servers of tools: {"files": {"command": ["npx", "…"], "tools": ["read"]}}.'
    )

    max_message_chars: int = Field(default=100_000, ge=1, description="Longest message accepted, in characters.")
    max_file_mb: int = Field(default=500, ge=1, description="Largest upload accepted, in megabytes.")
    max_files: int = Field(default=20, ge=1, description="Most files accepted with one message.")
    messages_per_minute: int = Field(default=60, ge=1, description="Most messages accepted in one minute.")
    rates: dict[str, str] = Field(
        default_factory=dict,
        description='Other limits of requests, by kind: {"read": "3000/minute; 100/second", "write": ""}.',
    )
    redis: str | None = Field(
        default=None, pattern="^rediss?://", description="A Redis server that counts requests for several servers."
    )
    workers: int = Field(default=2, ge=1, description="Processes kept for long jobs.")
    approval_days: float = Field(
        default=7.0, gt=0, description="Days a question waits for your word; money and mail wait one day at most."
    )
    backup_hours: float = Field(default=24.0, ge=0, description="Hours between two backups; with 0 none is made.")
    backups_kept: int = Field(default=7, ge=1, description="Backups kept in the folder of backups, the newest.")
    backup_dir: Path | None = Field(default=None, description="Where backups go instead, best on another disk.")
    keep_days: dict[str, int] = Field(
        default_factory=dict, description='Days a kind of data is kept, as in {"conversations": 365}; with 0 for good.'
    )
    base_rates: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description='Base rates of late interest newer than those known here, as in {"ECB": {"2026-07-01": "2.15"}}.',
    )
    dask_scheduler: str | None = Field(
        default=None, pattern="^(tcp|tls)://", description="Your own Dask cluster, on which models are trained."
    )
    automl_budget_s: float = Field(default=30.0, gt=0, description="Seconds a model may train by default.")

    @cached_property
    def paths(self) -> Paths:
        """The places under `data_dir` and `cache_dir`."""
        return Paths(self.data_dir, self.cache_dir)

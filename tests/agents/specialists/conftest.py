"""The mail servers, for the agents that use them."""

from tests.integrations.mail.conftest import imap, postbox, put  # noqa: F401 - fixtures

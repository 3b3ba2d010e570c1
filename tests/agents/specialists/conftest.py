"""The mail servers, for the agents that use them."""

from tests.agents.specialists.reader import reader  # noqa: F401 - a fixture
from tests.integrations.mail.conftest import imap, postbox, put  # noqa: F401 - fixtures

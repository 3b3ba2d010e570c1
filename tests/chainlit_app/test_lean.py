import json
import os
import subprocess
import sys

from config.paths import ROOT

IMPORT = """
import json, sys
asked = []
NETWORK = ("socket.connect", "socket.getaddrinfo")
sys.addaudithook(lambda event, given: asked.append(event) if event in NETWORK else None)
import chainlit_app
import chainlit
from chainlit.server import app
from literalai.observability.generation import ChatGeneration
print(json.dumps({
    "loaded": sorted(sys.modules),
    "asked": asked,
    "same": chainlit.ChatGeneration is ChatGeneration,
    "routes": len(app.routes),
    "written": chainlit.ChatGeneration(model="m").to_dict()["model"],
}))
"""


def test_chainlit_starts_without_its_telemetry_client_and_asks_nobody(tmp_path):
    variables = {**os.environ, "CHAINLIT_APP_ROOT": str(tmp_path)}
    command = [sys.executable, "-c", IMPORT]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["asked"] == []
    assert not any(
        name.startswith(("pandas", "numpy", "literalai.client", "traceloop.sdk.")) for name in seen["loaded"]
    )
    assert seen["same"], "its data types are the real ones"
    assert seen["written"] == "m"
    assert seen["routes"] > 0

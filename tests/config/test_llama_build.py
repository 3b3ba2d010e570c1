import json
import time

import pytest

from config.setup import llama
from config.setup.accelerator import Accelerator, best
from config.setup.claim import Claim


def finished(checkout) -> llama.Build:
    """The state once the detached build has succeeded."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        build = llama._stored(checkout.root)
        if build.state == "built" and not llama.taken(llama._claim(checkout.root)):
            return build
        time.sleep(0.05)
    raise AssertionError(f"the build did not succeed: {llama._stored(checkout.root)}")


def remember(checkout, **values) -> None:
    file = checkout.root / "data" / "llama.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(values))


@pytest.fixture
def ready(checkout):
    """A checkout with everything installed but llama.cpp, on a machine with a compiler."""
    checkout.tool("c++")
    checkout.environment.install("requirements.lock")
    return checkout


def test_it_is_built_beside_and_then_left_alone(ready):
    assert "beside the app" in llama.begin(ready.environment)
    build = finished(ready)
    assert (build.state, build.backend) == ("built", "cpu")
    calls = ready.calls
    assert llama.begin(ready.environment) == ""
    assert ready.calls == calls


def test_a_new_environment_takes_the_wheel_that_was_built(ready):
    llama.build(ready.environment)
    next((ready.root / ".venv/lib").rglob("*.dist-info")).rmdir()
    before = len(ready.calls)
    assert llama.build(ready.environment).state == "built"
    assert not any(" wheel " in call for call in ready.calls[before:])


def test_without_a_compiler_there_is_one_line_and_no_failure(checkout):
    line = llama.begin(checkout.environment)
    assert line.startswith("No C++ compiler")
    assert llama.read(checkout.root).state == "no-compiler"
    assert llama.COMPILER in llama.read(checkout.root).reason
    assert llama.begin(checkout.environment) == "", "it is said once"


def test_a_compiler_that_came_later_is_used(ready):
    remember(ready, state="no-compiler")
    llama.begin(ready.environment)
    assert finished(ready).state == "built"


def test_it_can_be_turned_off(ready, monkeypatch):
    monkeypatch.setenv("FREELANCEX_LLAMA", "off")
    assert llama.begin(ready.environment) == ""
    assert llama.read(ready.root).state == "none"


def test_a_build_whose_process_is_gone_counts_as_interrupted_and_starts_again(ready):
    remember(ready, state="building", pid=1, backend="cpu")
    assert llama.read(ready.root).reason == "the build was interrupted"
    llama.begin(ready.environment)
    assert finished(ready).state == "built"


def test_there_are_never_two_builds_at_once(ready):
    remember(ready, state="building", pid=1, backend="cpu")
    calls = ready.calls
    with Claim(llama._claim(ready.root)):
        assert "still being built" in llama.begin(ready.environment)
        assert llama.read(ready.root).state == "building"
        assert llama.build(ready.environment).state == "building"
    assert ready.calls == calls


def test_a_failure_names_the_line_that_tells_why(ready):
    (ready.root / "broken").write_text("")
    build = llama.build(ready.environment)
    assert build.state == "failed"
    assert build.reason == "cpu: model.cpp:1:1: error: it does not compile"
    assert "lots of output" in (ready.root / "data/logs/llama-build.log").read_text()


def test_a_long_build_that_failed_waits_for_a_change(ready):
    remember(ready, state="failed", key=llama._key(ready.root), seconds=600.0)
    assert llama.begin(ready.environment) == ""
    ready.tool("nvcc")
    assert "beside the app" in llama.begin(ready.environment)
    assert finished(ready).state == "built"


def test_a_failure_that_cost_nothing_is_tried_again(ready):
    remember(ready, state="failed", key=llama._key(ready.root), seconds=2.0)
    assert "beside the app" in llama.begin(ready.environment)
    assert finished(ready).state == "built"


def test_a_broken_state_file_is_no_obstacle(ready):
    (ready.root / "data/llama.json").write_text("{")
    assert llama.read(ready.root) == llama.Build()


@pytest.mark.skipif(llama.sys.platform == "darwin", reason="a Mac has Metal and nothing to choose")
class TestAccelerator:
    def test_a_toolkit_with_its_device_is_used(self, ready):
        ready.tool("nvcc")
        ready.tool("nvidia-smi")
        assert llama.build(ready.environment).backend == "cuda"
        [wheel] = [call for call in ready.calls if " wheel " in call]
        assert wheel.endswith("| -DGGML_CUDA=ON")
        assert "--no-cache-dir" in wheel

    def test_a_toolkit_alone_is_not(self, checkout):
        checkout.tool("nvcc")
        checkout.tool("nvidia-smi", "exit 9")
        checkout.tool("glslc")
        assert best() is Accelerator.CPU

    def test_vulkan_is_next(self, checkout):
        checkout.tool("glslc")
        checkout.tool("vulkaninfo")
        assert best() is Accelerator.VULKAN

    def test_when_it_does_not_compile_the_processor_is_used_and_the_reason_kept(self, ready):
        ready.tool("glslc")
        ready.tool("vulkaninfo")
        (ready.root / "broken").write_text("VULKAN")
        build = llama.build(ready.environment)
        assert (build.state, build.backend) == ("built", "cpu")
        assert build.reason.startswith("vulkan: model.cpp:1:1: error")

"""One line says which model suits a computer, and the ladder knows enough to say so before a download."""

import pytest

from config.ladder import ladder
from integrations.models.fit import GIB, place
from integrations.models.hardware import Gpu, Hardware, build, read
from integrations.models.recommend import expected, planned, recommend


def computer(ram: float, cores: int = 8, vram: float = 0) -> Hardware:
    gpus = (Gpu("Some GPU", int(vram * GIB), int(vram * GIB)),) if vram else ()
    return Hardware(int(ram * GIB), int(ram * GIB) // 2, gpus, cores, offload=bool(vram))


@pytest.mark.parametrize(
    ("machine", "line"),
    [
        (computer(16, vram=24), "24 GB of video memory: powerful, 5.7 GB download"),
        (computer(16, vram=8), "8 GB of video memory: balanced, 2.5 GB download"),
        (computer(16, vram=4), "4 GB of video memory: fast, 1.1 GB download"),
        (computer(16), "16 GB of memory and 8 processor cores: balanced, 2.5 GB download"),
        (computer(16, cores=2), "16 GB of memory and 2 processor cores: fast, 1.1 GB download"),
        (computer(4, cores=4), "4 GB of memory and 4 processor cores: fast, 1.1 GB download"),
        (computer(2, cores=2), "2 GB of memory and 2 processor cores: no model, the planner alone"),
    ],
)
def test_the_model_that_suits_a_computer(machine: Hardware, line: str) -> None:
    assert recommend(machine).line == line


def test_what_is_expected_of_each_file_adds_up_to_its_size() -> None:
    for rung in ladder().values():
        header = expected(rung)
        assert (header is not None) == rung.downloadable
        if header is not None:
            assert header.weight_bytes == pytest.approx(rung.size, rel=0.001)
            assert place(header, computer(64, vram=48)).vram_bytes > rung.size * 0.8


def test_reading_pictures_takes_memory_too() -> None:
    rung = ladder()["vision"]
    with_eyes, without = (
        planned(rung, computer(64)),
        planned(rung.model_copy(update={"projector_size": 0}), computer(64)),
    )
    assert with_eyes and without and with_eyes.ram_bytes > without.ram_bytes + rung.projector_size


def test_this_machine_is_read() -> None:
    here = read()
    assert here.ram_bytes >= here.ram_free > 0
    assert here.cores >= 1
    assert not (here.offload and not build().gpu)

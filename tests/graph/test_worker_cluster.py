"""A job may reach one's own Dask cluster, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pytest_httpserver import HTTPServer

from agents.deps import JobError
from graph.jobs import ProcessJobs


@pytest.fixture
async def jobs(httpserver: HTTPServer) -> AsyncIterator[ProcessJobs]:
    made = ProcessJobs(1, cluster=f"tcp://{httpserver.host}:{httpserver.port}")
    yield made
    await made.close()


async def test_only_the_cluster_of_the_settings_can_be_reached(jobs: ProcessJobs, httpserver: HTTPServer) -> None:
    address = [httpserver.host, httpserver.port]
    with pytest.raises(JobError):
        await jobs.run("socket:create_connection", {"address": [httpserver.host, 9]})
    # What it opens cannot travel back, which is a failure of another kind than being refused.
    httpserver.expect_request("/").respond_with_data("here")
    told = await jobs.run("timeit:timeit", {
        "stmt": f"http.client.HTTPConnection('{address[0]}', {address[1]}).request('GET', '/')",
        "setup": "import http.client", "number": 1,
    })  # fmt: skip
    assert told > 0
    assert [request.path for request, _ in httpserver.log] == ["/"]

"""Small answers in each board's own form, and a server that speaks them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from integrations.job_boards.board import JobBoard, boards
from integrations.job_boards.ledger import Allowance

ANSWERS: dict[str, dict[str, Any]] = {
    "/remotive/api/remote-jobs": {
        "0-legal-notice": "Remotive API Legal Notice",
        "job-count": 2,
        "jobs": [
            {
                "id": 1923,
                "url": "https://remotive.com/remote-jobs/data/senior-python-developer-1923",
                "title": "Senior Python Developer",
                "company_name": "Blue Fjord",
                "category": "Software Development",
                "tags": ["python", "django", "sql"],
                "job_type": "contract",
                "publication_date": "2026-11-19T08:15:02",
                "candidate_required_location": "Europe",
                "salary": "$70 - $90 per hour",
                "description": "<p>Build <b>APIs</b> &amp; pipelines.</p><ul><li>Python</li><li>SQL</li></ul>",
            },
            {
                "id": 1924,
                "url": "https://remotive.com/remote-jobs/writing/editor-1924",
                "title": "Copy Editor",
                "company_name": "Inkwell",
                "tags": [],
                "job_type": "freelance",
                "publication_date": "2026-11-01T08:15:02",
                "candidate_required_location": "Worldwide",
                "salary": "",
                "description": "<p>Edit articles.</p>",
            },
        ],
    },
    "/jobicy/api/v2/remote-jobs": {
        "apiVersion": "2.0.1",
        "jobCount": 1,
        "jobs": [
            {
                "id": 120441,
                "url": "https://jobicy.com/jobs/120441-data-analyst",
                "jobTitle": "Data Analyst &#8211; Growth",
                "companyName": "Kite &amp; Co",
                "jobIndustry": ["Data Science"],
                "jobType": ["contract"],
                "jobGeo": "Europe, USA",
                "jobLevel": "Midweight",
                "jobExcerpt": "Dashboards in SQL",
                "jobDescription": "<p>Dashboards with SQL and Tableau.</p>",
                "pubDate": "2026-11-20 10:12:13",
                "salaryMin": 60000,
                "salaryMax": 75000,
                "salaryCurrency": "EUR",
                "salaryPeriod": "yearly",
            }
        ],
    },
    "/himalayas/jobs/api/search": {
        "totalCount": 1,
        "nextCursor": None,
        "jobs": [
            {
                "guid": "https://himalayas.app/companies/north/jobs/ml-engineer",
                "title": "Machine Learning Engineer",
                "excerpt": "Forecasting",
                "companyName": "North Loop",
                "employmentType": "Contractor",
                "minSalary": 120000,
                "maxSalary": 150000,
                "currency": "USD",
                "seniority": ["Senior"],
                "locationRestrictions": ["Germany", {"alpha2": "FR", "name": "France"}],
                "categories": ["Machine-Learning", "Python"],
                "description": "<p>Forecasting with Python.</p>",
                "pubDate": 1795161600,
                "expiryDate": 1797753600,
                "applicationLink": "https://himalayas.app/companies/north/jobs/ml-engineer",
            }
        ],
    },
    "/remoteok/api": [
        {"legal": "API Terms of Service: please link back", "last_updated": 1795180000},
        {
            "id": "1093001",
            "slug": "remote-react-developer-palm-1093001",
            "epoch": 1795165200,
            "date": "2026-11-20T09:00:00+00:00",
            "company": "Palm",
            "position": "React Developer",
            "tags": ["react", "exec", "digital nomad"],
            "description": "Build a React app.<br>Typescript too.<script>alert(1)</script>",
            "location": "",
            "salary_min": 0,
            "salary_max": 0,
            "url": "https://remoteOK.com/remote-jobs/1093001",
        },
    ],
    "/arbeitnow/api/job-board-api": {
        "data": [
            {
                "slug": "devops-engineer-berlin-77",
                "company_name": "Spree Werke GmbH",
                "title": "DevOps Engineer (m/w/d)",
                "description": "<p>Kubernetes. Tagessatz 700 €.</p>",
                "remote": False,
                "url": "https://www.arbeitnow.com/jobs/companies/spree/devops-77",
                "tags": ["Software Development"],
                "job_types": ["Contract"],
                "location": "Berlin",
                "created_at": 1795170000,
            }
        ],
        "links": {"next": None},
        "meta": {"current_page": 1},
    },
    "/hacker_news/api/v1/search_by_date": {
        "hits": [
            {"objectID": "900", "title": "Ask HN: Who wants to be hired? (November 2026)"},
            {"objectID": "901", "title": "Ask HN: Freelancer? Seeking freelancer? (November 2026)"},
            {"objectID": "902", "title": "Ask HN: Who is hiring? (November 2026)"},
        ]
    },
    "/hacker_news/api/v1/items/901": {
        "id": 901,
        "children": [
            {
                "id": 911,
                "created_at_i": 1794900000,
                "text": "SEEKING FREELANCER | Remote (EU) | Rust engineer<p>Six weeks, &#x20AC;90&#x2F;h.",
            },
            {"id": 912, "created_at_i": 1794900001, "text": "SEEKING WORK | Berlin | I write Go."},
            {"id": 913, "created_at_i": 1794900002, "text": None},
        ],
    },
    "/hacker_news/api/v1/items/902": {
        "id": 902,
        "children": [
            {
                "id": 921,
                "created_at_i": 1794900000,
                "text": "Quarry | Data Engineer | REMOTE (US) | Full-time | $150k-$180k<p>Spark and Airflow.",
            },
            {"id": 922, "created_at_i": 1794900000, "text": "Is this thread monthly?"},
        ],
    },
    "/freelancer/api/projects/0.1/projects/active/": {
        "status": "success",
        "result": {
            "projects": [
                {
                    "id": 38700001,
                    "title": "Scrape and clean price data",
                    "seo_url": "python/scrape-clean-price-data",
                    "type": "fixed",
                    "description": "Collect prices from feeds we own and clean them with pandas.",
                    "currency": {"code": "EUR", "exchange_rate": 1.08},
                    "budget": {"minimum": 250.0, "maximum": 750.0},
                    "bid_stats": {"bid_count": 43, "bid_avg": 480.2},
                    "submitdate": 1795161600,
                    "jobs": [{"id": 13, "name": "Python"}, {"id": 95, "name": "Web Scraping"}],
                    "local": False,
                },
                {
                    "id": 38700002,
                    "title": "Bookkeeping help",
                    "seo_url": "excel/bookkeeping-help",
                    "type": "hourly",
                    "preview_description": "Monthly sheets",
                    "currency": {"code": "USD"},
                    "budget": {"minimum": 15, "maximum": 25},
                    "bid_stats": {"bid_count": 4},
                    "submitdate": 1795161600,
                    "jobs": None,
                },
            ],
            "total_count": 2,
        },
    },
    "/upwork/graphql": {
        "data": {
            "marketplaceJobPostingsSearch": {
                "edges": [
                    {
                        "node": {
                            "id": "1990001",
                            "title": "Churn model in Python",
                            "ciphertext": "~01ab",
                            "description": "Who leaves, and why.",
                            "createdDateTime": "2026-11-20T09:00:00+0000",
                            "duration": "ONE_TO_THREE_MONTHS",
                            "experienceLevel": "EXPERT",
                            "freelancersToHire": 1,
                            "amount": {"rawValue": "0.0", "currency": "USD"},
                            "hourlyBudgetMin": {"rawValue": "60.0", "currency": "USD"},
                            "hourlyBudgetMax": {"rawValue": "90.0", "currency": "USD"},
                            "totalApplicants": 12,
                            "skills": [{"name": "Python"}, {"name": "Machine Learning"}],
                            "client": {
                                "totalHires": 9,
                                "totalPostedJobs": 14,
                                "totalReviews": 8,
                                "totalFeedback": 4.9,
                                "totalSpent": {"rawValue": "18250.5"},
                                "verificationStatus": "VERIFIED",
                                "location": {"country": "Norway"},
                            },
                        }
                    },
                    {
                        "node": {
                            "id": "1990002",
                            "title": "Fixed dashboard",
                            "freelancersToHire": 1,
                            "amount": {"rawValue": "3000", "currency": "USD"},
                            "hourlyBudgetMin": None,
                            "hourlyBudgetMax": None,
                            "skills": [],
                            "client": None,
                        }
                    },
                    {"node": {"id": "1990003", "title": "Filled already", "freelancersToHire": 0}},
                ]
            }
        }
    },
    "/adzuna/v1/api/jobs/gb/search/1": {
        "count": 2,
        "results": [
            {
                "id": "4900001",
                "title": "<strong>Data</strong> Analyst",
                "company": {"display_name": "Alder Ltd"},
                "location": {"display_name": "Leeds, West Yorkshire"},
                "description": "Remote reporting in SQL…",
                "created": "2026-11-20T07:00:00Z",
                "redirect_url": "https://www.adzuna.co.uk/jobs/land/ad/4900001",
                "salary_min": 55000,
                "salary_max": 65000,
                "salary_is_predicted": "0",
                "contract_type": "contract",
            },
            {
                "id": "4900002",
                "title": "Data Engineer",
                "redirect_url": "https://www.adzuna.co.uk/jobs/land/ad/4900002",
                "salary_min": 70000,
                "salary_max": 70000,
                "salary_is_predicted": "1",
            },
        ],
    },
}


@pytest.fixture
def serve(httpserver: HTTPServer) -> HTTPServer:
    for path, answer in ANSWERS.items():
        httpserver.expect_request(path).respond_with_json(answer)
    return httpserver


@pytest.fixture
def local(httpserver: HTTPServer) -> Callable[[str], JobBoard]:
    """A board whose address is the server's, and which may be asked without a pause."""

    def moved(name: str) -> JobBoard:
        board = boards()[name]
        terms = replace(board.terms, allowance=Allowance(seconds_apart=0))
        return replace(board, address=f"http://{httpserver.host}:{httpserver.port}/{name}", terms=terms)

    return moved

"""Masking: what is a secret, what only looks like one, and that a megabyte costs no more than a megabyte."""

from __future__ import annotations

import time

import pytest

from ingest.secrets import mask_json, mask_secrets

# Put together at run time, so that no scanner takes this file for a leak.
LETTERS = "aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3cD5eF7g"
BASE64_LINE = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"


@pytest.mark.parametrize(
    ("secret", "name"),
    [
        ("sk-" + LETTERS, "api_key"),
        ("sk-ant-api03-" + LETTERS + "_" + LETTERS, "api_key"),
        ("sk-proj-" + LETTERS, "api_key"),
        ("ghp_" + LETTERS[:36], "github_token"),
        ("github_pat_11ABCDEFG0" + LETTERS, "github_token"),
        ("glpat-" + LETTERS[:20], "gitlab_token"),
        ("AKIA" + "IOSFODNN7EXAMPLE", "aws_key_id"),
        ("xoxb-" + "123456789012-abcdefghijkl", "slack_token"),
        ("sup_live_" + "a1b2c3d4" + "_" + LETTERS + "xyz", "supastate_key"),
        ("AIza" + LETTERS[:35], "google_key"),
        ("sk_live_" + LETTERS[:24], "stripe_key"),
        ("npm_" + LETTERS[:36], "npm_token"),
        ("hf_" + LETTERS[:34], "hugging_face_token"),
        ("pypi-AgEIcHlwaS5vcmc" + LETTERS + LETTERS, "pypi_token"),
        ("eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0." + LETTERS, "json_web_token"),
    ],
)
def test_a_key_is_masked_wherever_it_stands(secret: str, name: str) -> None:
    for before, after in [("", ""), ("KEY=", "\n"), ('{"k":"', '"}'), ("see (", ")."), (r"a\n", r"\n")]:
        assert mask_secrets(before + secret + after) == (f"{before}[masked:{name}]{after}", 1)


def test_a_private_key_is_masked_as_a_block() -> None:
    begin, end = "-----BEGIN RSA " + "PRIVATE KEY-----", "-----END RSA " + "PRIVATE KEY-----"
    block = f"{begin}\nProc-Type: 4,ENCRYPTED\n\n{BASE64_LINE}\n{BASE64_LINE}\n{end}"
    assert mask_secrets(f"a\n{block}\nb") == ("a\n[masked:private_key]\nb", 1)


def test_a_private_key_inside_json_text_is_masked() -> None:
    escaped = "-----BEGIN " + r"PRIVATE KEY-----\n" + BASE64_LINE + r"\n-----END PRIVATE KEY-----\n"
    assert mask_secrets(escaped) == (r"[masked:private_key]\n", 1)


def test_a_private_key_cut_off_is_masked_as_far_as_it_goes() -> None:
    cut = "-----BEGIN " + f"PRIVATE KEY-----\n{BASE64_LINE}\n{BASE64_LINE}\n"
    assert mask_secrets(cut + "The key above is cut.") == ("[masked:private_key]The key above is cut.", 1)


def test_the_mention_of_a_key_block_hides_nothing_else() -> None:
    text = 'if line == "-----BEGIN ' + 'PRIVATE KEY-----":\n    return parse(line)\n'
    assert mask_secrets(text) == (text, 0)


def test_headers_keep_their_name_and_lose_their_credential() -> None:
    header = "curl -H 'Authorization: Bearer " + LETTERS + "' https://x"
    assert mask_secrets(header) == ("curl -H 'Authorization: Bearer [masked:authorization]' https://x", 1)
    basic = "authorization: Basic ZGVtbzpzZWNyZXQ=\r\n"
    assert mask_secrets(basic) == ("authorization: Basic [masked:authorization]\r\n", 1)
    assert mask_secrets(f"BEARER {LETTERS}") == ("BEARER [masked:bearer_token]", 1)


def test_a_password_in_a_url_is_masked_and_the_rest_of_the_url_stays() -> None:
    text = "DATABASE_URL=postgres://app:hunter2@db:5432/supastate"
    assert mask_secrets(text) == ("DATABASE_URL=postgres://app:[masked:url_password]@db:5432/supastate", 1)
    assert mask_secrets("redis://:hunter2@cache") == ("redis://:[masked:url_password]@cache", 1)


def test_an_aws_secret_is_known_by_its_name() -> None:
    text = 'aws_secret_access_key = "' + "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" + '"'
    assert mask_secrets(text) == ('aws_secret_access_key = "[masked:aws_secret]"', 1)


@pytest.mark.parametrize(
    "harmless",
    [
        "commit 8d88a6e0f3c1b2a4958677685a4b3c2d1e0f9a8b",
        "uuid 0197a3c2-7b1e-7d4f-9c55-3a1b2c3d4e5f",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "integrity sha512-Q2bFTOhEALkN8hOms2FKTDLy7eugP2zFZ1T8LCvX42Fp3WoNr3bjZSAHeOsHrbV1Fu9/A0==",
        "the task-queue-of-the-dispatcher-number-12345 ran",
        "use sk-learn-style-estimators-everywhere",
        "Authorization: Bearer $SUPASTATE_API_KEY",
        "Authorization: Bearer sup_…",
        "a bearer of authentication_credentials_of_any_kind",
        "postgres://app:$PASSWORD@db/x and postgres://app:${PASSWORD}@db/x and postgres://app:<password>@db",
        "https://example.org:8443/path@version",
        "git@github.com:supastate/supastate.git",
        "AKIA and AKIAIOSFOD are too short, AKIAIOSFODNN7EXAMPLEPLUSMORE too long",
        "sup_live_prefix",
        "ghp_short",
        "eyJhbGciOiJIUzI1NiJ9 alone",
        "tokens = count_tokens(text); password = ask()",
    ],
)
def test_what_only_looks_like_a_secret_is_left_alone(harmless: str) -> None:
    assert mask_secrets(harmless) == (harmless, 0)


def test_masking_twice_masks_nothing_more() -> None:
    text = f"sk-{LETTERS} postgres://a:b@c Authorization: Bearer {LETTERS}"
    once, count = mask_secrets(text)
    assert count == 3
    assert mask_secrets(once) == (once, 0)


def test_every_text_of_a_json_value_is_masked_and_the_value_is_not_changed() -> None:
    value = {"a": [f"x sk-{LETTERS}", {"b": f"ghp_{LETTERS[:36]}"}], "n": 1, "none": None}
    masked, count = mask_json(value)
    assert count == 2
    assert masked == {"a": ["x [masked:api_key]", {"b": "[masked:github_token]"}], "n": 1, "none": None}
    assert value["a"] == [f"x sk-{LETTERS}", {"b": f"ghp_{LETTERS[:36]}"}]


MEGABYTE = 1_000_000
HOSTILE = (
    "sk-",
    "sk-a ",
    "eyJaaaaaaaaaaa.",
    "eyJ",
    "-----BEGIN " + "PRIVATE KEY-----",
    "-----BEGIN " + "PRIVATE KEY-----" + "A" * 50 + " ",
    "-",
    "://",
    "://a:",
    "Authorization: Bearer ",
    "Bearer a",
    "bearer ",
    "AKIA",
    "xoxb-",
    "secret_access_key   =  ",
    "ghp_",
    "sup_a_aaaa_",
    "hooks.slack.com/services/",
    "github_pat_",
    "PRIVATE KEY sup_ sk- ghp_ AKIA xox AIza eyJ uthorization earer ://",
)


@pytest.mark.parametrize("seed", HOSTILE)
def test_a_hostile_megabyte_costs_eight_times_an_eighth_of_it(seed: str) -> None:
    """Quadratic time would show as 64 times; seconds of the machine are no measure."""
    text = seed * (MEGABYTE // len(seed))
    eighth, whole = _seconds(text[: MEGABYTE // 8]), _seconds(text)
    assert whole < max(24 * eighth, 0.25)


def _seconds(text: str) -> float:
    def once() -> float:
        start = time.process_time()
        mask_secrets(text)
        return time.process_time() - start

    return min(once() for _ in range(2))

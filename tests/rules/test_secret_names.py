"""Names that promise a secret, and names that only sound like it."""

from __future__ import annotations

import pytest

from stsec_magic.rules import secret_names
from stsec_magic.rules.secret_names import FOLLOWED_BY, WORDS, NameKind, kind_of

PASSWORDS = """
password PASSWORD Password passwd pwd PWD passphrase passcode db_password DB_PASSWORD dbPassword DBPassword db-password
db.password MYSQL_ROOT_PASSWORD user_pass PASS smtp_pw mypassword userpass password2 password_prod PGPASSWORD
REDISCLI_AUTH_PASSWORD seed_phrase sudo_password senha kennwort contrasena password_value
/pass ConvertTo-SecureString
"""
SECRETS = """
token TOKEN api_key apiKey apikey API_KEY X-Api-Key x-api-key secret SECRET secret_key SECRET_KEY client_secret
clientSecret access_token accessToken auth_token bearer_token AWS_SECRET_ACCESS_KEY aws_access_key access_key
HF_TOKEN GITHUB_TOKEN OPENAI_API_KEY openai.api_key SLACK_BOT_TOKEN private_key signing_key encryption_key jwt_secret
refresh_token app_secret consumer_secret subscription_key admin_key webhook_secret api_key_2 token2 api_token
MAP_API_KEY IMAGE_API_KEY google_maps_api_key TEXT_ANALYTICS_API_KEY VIDEO_API_TOKEN LANGUAGE_API_KEY
Authorization authorization secretKey accessKey storage_key master_key api_key_prod token_live
"""
PERHAPS = """
key auth deepgram_key session credentials cookie token_string weather_key
"""
HARMLESS = """
tokenizer tokens max_tokens num_tokens pad_token eos_token_id cls_token next_token next_page_token csrf_token
token_count token_type token_url token_path secret_name secret_arn secret_id password_field password_hash
password_policy key_name sort_key foreign_key partition_key cache_key public_key keyboard keyword keywords monkey
hockey key_columns tokenize tokenized_text secretary_name api_key_name api_key_header password_length keypoints
passenger passed bypass compass pass author authors primary_key_column cancellation_token name user username x
passthrough encompass keyframe tokenization_info password_prompt key_path access_key_id merge_key sync_token
"""


@pytest.mark.parametrize("name", PASSWORDS.split())
def test_passwords(name: str):
    assert kind_of(name) is NameKind.PASSWORD


@pytest.mark.parametrize("name", SECRETS.split())
def test_secrets(name: str):
    assert kind_of(name) is NameKind.SECRET


@pytest.mark.parametrize("name", PERHAPS.split())
def test_perhaps(name: str):
    assert kind_of(name) is NameKind.KEY


@pytest.mark.parametrize("name", HARMLESS.split())
def test_harmless(name: str):
    assert kind_of(name) is None


@pytest.mark.parametrize("name", ["", "_", "1", "123", "é", "-", "..."])
def test_names_without_words(name: str):
    assert kind_of(name) is None


SURE = sorted(secret_names._PASSWORD | secret_names._SECRET)


@pytest.mark.parametrize("name", [*PASSWORDS.split(), *SECRETS.split(), *(n for n in SURE if kind_of(n) is not None)])
def test_the_scan_looks_for_every_name(name: str):
    """A name that no word stands in is never judged."""
    line = f'{name} = "value"'.lower()
    assert any(word in line for word in WORDS)


def test_words_are_lower_case_and_unique():
    assert all(word == word.lower() for word in WORDS)
    assert len(set(WORDS)) == len(WORDS)


def test_a_long_name_takes_no_time():
    assert kind_of("a_" * 5000 + "password") is NameKind.PASSWORD


@pytest.mark.parametrize(
    "name",
    "token my_token tokenSecret token_string token2 tokenValue api.token my_pat MY_PAT_TOKEN my_pat2 "
    "config.key x.keyBase64 settings.key_value token-live".split(),
)
def test_what_follows_a_common_word_in_an_accepted_name_may_follow_it(name: str) -> None:
    assert kind_of(name) is not None
    lowered = name.lower()
    found = [
        FOLLOWED_BY[word].match(f'{lowered} = "'.encode(), at + len(word)) if word in FOLLOWED_BY else True
        for word in WORDS
        if (at := lowered.find(word)) >= 0
    ]
    assert any(found)


@pytest.mark.parametrize(
    "text", ["tokens = [", "tokenizer.fit(x)", "tokenize(x)", "my_path = ", "d.keys()", "a.pattern"]
)
def test_common_words_that_no_secret_follows(text: str) -> None:
    places = [(word, at) for word in FOLLOWED_BY if (at := text.find(word)) >= 0]
    assert not any(FOLLOWED_BY[word].match(text.encode(), at + len(word)) for word, at in places)

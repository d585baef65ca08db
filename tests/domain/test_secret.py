"""Secrets derived from the installation's key."""

from __future__ import annotations

from regulars.domain.privacy.secret import check_value, compile_hash_address, identifier_secret

KEY = b"k" * 64


def test_each_company_hashes_an_address_in_its_own_way() -> None:
    acme = compile_hash_address(KEY, "acme")
    other = compile_hash_address(KEY, "other")
    assert acme("jane@example.org") == acme("jane@example.org")
    assert acme("jane@example.org") != other("jane@example.org")
    assert len(acme("jane@example.org")) == 64


def test_secrets_of_different_purpose_differ() -> None:
    secrets = {identifier_secret(KEY, "acme"), identifier_secret(KEY, "other"), check_value(KEY)}
    assert len(secrets) == 3


def test_another_key_gives_other_hashes() -> None:
    assert compile_hash_address(KEY, "acme")("a@example.org") != compile_hash_address(
        b"l" * 64, "acme"
    )("a@example.org")

# SPDX-License-Identifier: Apache-2.0
"""Credentials that change while the client runs."""
import textwrap

from fake import answers, page, obj, status

NO = answers(401, status(401, "Unauthorized", "Unauthorized"))
ONE = answers(200, page(obj("a", 1)))
OK = answers(200, "{}")


def plugin(tmp_path, text):
    path = tmp_path / "plugin"
    path.write_text("#!/bin/sh\n" + textwrap.dedent(text))
    path.chmod(0o755)
    return ("{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, "
            "env: [{name: WHO, value: me}], installHint: install it}}")


def test_a_rotated_token_is_read_again(start, tmp_path):
    token = tmp_path / "token"
    token.write_text("old\n")
    fake, r = start(OK, NO, ONE, user=f"{{tokenFile: {token}}}", kind=None)
    r.command("GET /version")
    r.read("response 200")
    token.write_text("new\n")
    r.command("GET /version")
    r.read("response 200")
    assert [fake.seen.get()[1] for _ in range(3)] == ["Bearer old", "Bearer old", "Bearer new"]
    assert r.stats()["refreshes"] == 1


def test_a_rejected_token_file_is_retried_once(start, tmp_path):
    token = tmp_path / "token"
    token.write_text("bad")
    fake, r = start(NO, NO, user=f"{{tokenFile: {token}}}", kind=None)
    r.command("GET /version")
    r.read("response 401 -1 Unauthorized Unauthorized")
    assert fake.seen.qsize() == 2


def test_a_rejected_fixed_token_is_not_retried(start):
    fake, r = start(NO, user="{token: t0ken}", kind=None)
    r.command("GET /version")
    r.read("response 401")
    assert fake.seen.qsize() == 1
    assert fake.seen.get()[1] == "Bearer t0ken"


def test_a_user_name_and_password_are_sent(start):
    fake, r = start(OK, user='{username: jo, password: "pa:ss"}', kind=None)
    r.command("GET /version")
    r.read("response 200")
    assert fake.seen.get()[1] == "Basic am86cGE6c3M="


def test_a_plugin_runs_once_for_many_requests_and_again_after_a_401(start, tmp_path):
    user = plugin(tmp_path, """
        echo run >> $(dirname $0)/runs
        sleep 0.2
        n=$(wc -l < $(dirname $0)/runs)
        echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'$WHO$n'"}}'
    """)
    fake, r = start(OK, OK, OK, NO, OK, user=user, kind=None)
    for _ in range(3):
        r.command("GET /version")
    r.read(*["response 200"] * 3)
    assert [fake.seen.get()[1] for _ in range(3)] == ["Bearer me1"] * 3
    r.command("GET /version")
    r.read("response 200")
    assert [fake.seen.get()[1] for _ in range(2)] == ["Bearer me1", "Bearer me2"]


def test_a_credential_that_expires_at_once_is_used_once(start, tmp_path):
    user = plugin(tmp_path, """
        echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t",
               "expirationTimestamp":"2020-01-01T00:00:00Z"}}'
    """)
    fake, r = start(OK, OK, user=user, kind=None)
    for _ in range(2):
        r.command("GET /version")
        r.read("response 200")


def test_the_error_of_a_failed_plugin_has_its_name_and_install_hint(start, tmp_path):
    fake, r = start(user=plugin(tmp_path, "echo secret; exit 3"), kind=None)
    r.command("GET /version")
    line = r.read("response 0")
    assert "credential plugin" in line and "ended with exit status 3: install it" in line and "secret" not in line


def test_the_error_of_a_missing_plugin_has_its_name_and_install_hint(start):
    user = "{exec: {apiVersion: client.authentication.k8s.io/v1, command: /nonexistent/login, installHint: get it}}"
    fake, r = start(user=user, kind=None)
    r.command("GET /version")
    r.read("response 0 -1 - credential plugin /nonexistent/login: cannot be started: No such file or directory; get it")

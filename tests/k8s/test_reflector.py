# SPDX-License-Identifier: Apache-2.0
"""Reflectors against an API server that fails in many ways."""
import json
import time

from fake import answers, event, hold, obj, page, silence, status, streams

ONE = answers(200, page(obj("a", 1)))


def test_a_watch_follows_a_list_of_several_pages(start):
    fake, r = start(answers(200, page(obj("a", 1), more="next&1")), answers(200, page(obj("b", 2), version=12)))
    r.read("list_begin", "put ns/a 1", "put ns/b 2", "list_end", "state synced")
    assert fake.request() == "/api/v1/services?limit=20000"
    assert fake.request() == "/api/v1/services?limit=20000&continue=next%261"
    watch = fake.request()
    assert "watch=true" in watch and "resourceVersion=12" in watch and "allowWatchBookmarks=true" in watch


def test_requests_contain_namespace_and_selector(start):
    fake, r = start(answers(200, page()), kind="Lease", args=("kube-system", "fieldSelector=metadata.name%3Darplet"))
    r.read("list_begin", "list_end", "state synced")
    base = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases?"
    assert fake.request() == base + "limit=20000&fieldSelector=metadata.name%3Darplet"
    watch = fake.request()
    assert watch.startswith(base) and watch.endswith("&fieldSelector=metadata.name%3Darplet")


def test_only_the_first_list_may_come_from_the_watch_cache(start):
    fake, r = start(answers(503, ""), answers(200, page(obj("a", 1))), hold, options=("-z", "1"))
    r.read("list_begin", "state retrying", "list_begin", "put ns/a 1", "list_end", "state synced")
    assert fake.request() == "/api/v1/services?limit=20000&resourceVersion=0"
    assert fake.request() == "/api/v1/services?limit=20000"
    assert "watch=true" in fake.request()


def test_the_next_page_of_a_list_from_the_watch_cache_has_a_continue_token(start):
    fake, r = start(answers(200, page(obj("a", 1), more="next")), answers(200, page(obj("b", 2))), hold,
                    options=("-z", "1"))
    r.read("list_begin", "put ns/a 1", "put ns/b 2", "list_end", "state synced")
    assert fake.request() == "/api/v1/services?limit=20000&resourceVersion=0"
    assert fake.request() == "/api/v1/services?limit=20000&continue=next"


def test_a_watch_resumes_at_the_version_of_the_last_bookmark(start):
    fake, r = start(ONE, streams(event("ADDED", obj("b", 11)), event("BOOKMARK", obj("", 15)),
                                 then=lambda h: h.end_stream()))
    r.read("list_begin", "put ns/a 1", "list_end", "state synced", "put ns/b 11")
    fake.request(), fake.request()
    assert "resourceVersion=15" in fake.request()
    r.quiet(0.3)
    assert r.stats()["lists"] == 1


def test_an_event_may_arrive_in_pieces(start):
    text = event("MODIFIED", obj("a", 11)) + event("DELETED", obj("a", 12))
    fake, r = start(ONE, streams(*[text[i:i + 7] for i in range(0, len(text), 7)]))
    r.read("list_begin", "put ns/a 1", "list_end", "state synced", "put ns/a 11", "del ns/a")


def test_an_incomplete_event_at_the_end_of_a_watch_is_ignored(start):
    fake, r = start(ONE, streams(event("ADDED", obj("b", 11)), event("ADDED", obj("c", 12))[:40],
                                 then=lambda h: h.end_stream()))
    r.read("list_begin", "put ns/a 1", "list_end", "state synced", "put ns/b 11")
    fake.request(), fake.request()
    assert "resourceVersion=11" in fake.request()


def test_an_event_that_is_not_json_leads_to_a_new_list(start):
    fake, r = start(ONE, streams('{"type":"ADDED","object":{]\n'), ONE)
    r.read("list_begin", "put ns/a 1", "list_end", "state synced", "state retrying the watch: not JSON",
           "list_begin", "put ns/a 1", "list_end", "state synced")


def test_status_410_in_a_watch_leads_to_a_new_list(start):
    gone = status(410, "too old resource version: 10 (99)", "Expired")
    fake, r = start(ONE, streams(event("ERROR", gone)), answers(200, page(obj("b", 99), version=99)),
                    answers(410, gone), ONE)
    r.read("list_begin", "put ns/a 1", "list_end", "state synced",
           "state retrying the watch: too old resource version: 10 (99)",
           "list_begin", "put ns/b 99", "list_end", "state synced",
           "state retrying too old resource version", "list_begin", "put ns/a 1", "list_end", "state synced")


def test_an_expired_continue_token_leads_to_a_new_list(start):
    fake, r = start(answers(200, page(obj("a", 1), more="x")),
                    answers(410, status(410, "The provided continue parameter is too old", "Expired")), ONE)
    r.read("list_begin", "put ns/a 1", "state retrying The provided continue", "list_begin", "put ns/a 1",
           "list_end", "state synced")
    assert [("continue" in fake.request()) for _ in range(3)] == [False, True, False]


def test_a_list_whose_connection_breaks_begins_again(start):
    text = json.dumps(page(obj("a", 1), obj("b", 2)))
    fake, r = start(streams(text[:text.index('"b"')], then=lambda h: h.reset()), ONE)
    r.read("list_begin", "put ns/a 1", "state retrying", "list_begin", "put ns/a 1", "list_end", "state synced")


def test_a_list_with_incomplete_json_begins_again(start):
    text = json.dumps(page(obj("a", 1), obj("b", 2)))
    fake, r = start(answers(200, text[:-1]), ONE)
    r.read("list_begin", "put ns/a 1", "put ns/b 2", "state retrying the list: the answer is incomplete",
           "list_begin", "put ns/a 1", "list_end", "state synced")


def test_an_html_page_is_not_a_list(start):
    fake, r = start(answers(200, "<html>log in</html>"), ONE)
    r.read("list_begin", "state retrying the list is not a Kubernetes list", "list_begin", "put ns/a 1", "list_end")


def test_a_list_is_retried_after_the_retry_after_of_a_429(start):
    fake, r = start(answers(429, status(429, "too many requests", "TooManyRequests"), Retry_After="2"), ONE)
    r.read("list_begin", "state retrying too many requests")
    start_time = r.at
    r.read("list_begin", "put ns/a 1", "list_end", "state synced")
    assert 1.9 < r.at - start_time < 4


def test_the_pause_grows_with_each_failure(start):
    fake, r = start(*[answers(500, status(500, "etcd is down", "InternalError"))] * 4, ONE)
    r.read("list_begin", "state retrying etcd is down")
    start_time = r.at
    r.read("list_begin", "list_begin", "list_begin", "list_begin", "put ns/a 1", "list_end", "state synced")
    assert 2.9 < r.at - start_time < 5  # 0.2 + 0.4 + 0.8 + 1.6 s, with jitter
    assert r.stats()["failures"] == 4


def test_a_watch_that_ends_at_once_is_resumed_with_pauses(start):
    fake, r = start(ONE, *[streams(then=lambda h: h.end_stream())] * 50)
    r.read("list_begin", "put ns/a 1", "list_end", "state synced")
    time.sleep(2)
    assert fake.seen.qsize() < 10


def test_a_missing_crd_is_reported_and_listed_again(start):
    fake, r = start(answers(404, "404 page not found\n"), ONE, kind="IPAddressPool")
    r.read("list_begin", "state not-installed CRD ipaddresspools.metallb.io is not installed")
    start_time = r.at
    r.read("list_begin", "put ns/a 1", "list_end", "state synced")
    assert 4.9 < r.at - start_time < 7


CONFIRM_DELETES = {"kind": "IPAddressPool", "options": ("-w", "1")}
EMPTY = answers(200, page(version=30))


def test_a_crd_deleted_with_its_objects_deletes_no_known_object(start):
    """The server deletes all objects, serves an empty list, then 404; later, it serves the CRD with a new object."""
    fake, r = start(answers(200, page(obj("a", 1), obj("b", 2))),
                    streams(event("DELETED", obj("a", 11)) + event("DELETED", obj("b", 12))), EMPTY,
                    answers(404, "404 page not found\n"),
                    EMPTY, streams(event("ADDED", obj("a", 31))), **CONFIRM_DELETES)
    r.read("list_begin", "put ns/a 1", "put ns/b 2", "list_end", "state synced")
    r.read("pending_delete ns/a", "pending_delete ns/b", "state holding an object was deleted",
           "list_begin", "pending_delete all", "state holding the list is empty")
    assert "known objects stay in force" in r.read("state not-installed CRD ipaddresspools.metallb.io is not installed")
    r.read("list_begin", "pending_delete all", "state holding the CRD was just installed", "put ns/a 31")
    r.quiet(7)


def test_two_empty_lists_confirm_the_deletion_of_the_last_object(start):
    fake, r = start(ONE, streams(event("DELETED", obj("a", 11))), EMPTY, hold, EMPTY, **CONFIRM_DELETES)
    r.read("list_begin", "put ns/a 1", "list_end", "state synced", "pending_delete ns/a",
           "state holding an object was deleted")
    start_time = r.at
    r.read("list_begin", "pending_delete all", "state holding the list is empty",
           "list_begin", "list_end", "state synced")
    assert 6.9 < r.at - start_time < 8.5


def test_a_list_with_other_objects_confirms_a_deletion(start):
    fake, r = start(answers(200, page(obj("a", 1), obj("b", 2))), streams(event("DELETED", obj("a", 11))),
                    answers(200, page(obj("b", 2), version=12)), **CONFIRM_DELETES)
    r.read("list_begin", "put ns/a 1", "put ns/b 2", "list_end", "state synced", "pending_delete ns/a", "state holding")
    start_time = r.at
    r.read("list_begin", "put ns/b 2", "list_end", "state synced")
    assert 1.9 < r.at - start_time < 3.5


def test_new_objects_are_reported_while_a_deletion_is_pending(start):
    fake, r = start(ONE, streams(event("DELETED", obj("a", 11)), event("ADDED", obj("b", 12))),
                    answers(200, page(obj("b", 12), version=12)), **CONFIRM_DELETES)
    r.read("list_begin", "put ns/a 1", "list_end", "state synced", "pending_delete ns/a", "state holding",
           "put ns/b 12",
           "list_begin", "put ns/b 12", "list_end", "state synced")


def test_a_403_is_reported_with_the_message_of_the_server(start):
    fake, r = start(answers(403, status(403, 'services is forbidden: User "x" cannot list', "Forbidden")), ONE)
    r.read("list_begin", 'state forbidden services is forbidden: User "x" cannot list', "list_begin", "put", "list_end")


def test_a_relist_ends_the_watch(start):
    fake, r = start(ONE, hold, answers(200, page(obj("b", 20), version=20)))
    r.read("list_begin", "put ns/a 1", "list_end", "state synced")
    fake.request(), fake.request()
    r.command("relist")
    r.read("list_begin", "put ns/b 20", "list_end")
    assert fake.request() == "/api/v1/services?limit=20000"
    assert "resourceVersion=20" in fake.request()


def test_a_request_without_an_answer_ends_all_connections(start):
    fake, r = start(ONE, hold, silence, hold)
    r.read("list_begin", "put ns/a 1", "list_end", "state synced")
    fake.request(), fake.request()
    time.sleep(0.5)  # the client receives the headers of the watch meanwhile
    r.command("GET /version")
    assert "timed out" in r.read("response 0", timeout=15)
    r.read("state retrying the server accepted the request and then sent nothing", "state synced")
    assert r.stats()["lists"] == 1


def test_an_idle_watch_detects_a_server_that_hangs(start):
    fake, r = start(ONE, hold, silence, hold, options=("-s", "1000"))
    r.read("list_begin", "put ns/a 1", "list_end", "state synced")
    fake.request(), fake.request()
    assert fake.request(timeout=3) == "/version"
    r.read("state retrying the server accepted the request and then sent nothing", "state synced")
    assert r.stats()["lists"] == 1


def test_an_answer_to_get_version_keeps_the_watches(start):
    fake, r = start(ONE, hold, *[answers(403, "no")] * 9, options=("-s", "500"))
    r.read("list_begin", "put ns/a 1", "list_end", "state synced")
    fake.request(), fake.request()
    assert fake.request() == fake.request() == "/version"
    r.quiet(0.1)
    assert r.stats()["watches"] == 1


def test_bookmarks_avoid_get_version(start):
    def bookmarks(h):
        h.stream()
        for version in range(20, 30):
            h.piece(event("BOOKMARK", obj("", version)))
            time.sleep(0.3)

    fake, r = start(ONE, bookmarks, options=("-s", "1000"))
    r.read("list_begin", "put ns/a 1", "list_end", "state synced")
    fake.request(), fake.request()
    time.sleep(2.5)
    assert fake.seen.empty()


MANY = [obj(f"s{n}", n) for n in range(3000)]


def test_a_turn_of_the_loop_handles_only_a_part_of_a_large_list(start):
    """Each object takes 100 us, so all objects of the list together take 300 ms."""
    fake, r = start(answers(200, page(*MANY)), hold, options=("-b", "100"))
    r.read("list_begin", *(f"put ns/s{n} {n}" for n in range(3000)), "list_end", "state synced")
    assert r.stats()["turn_ms"] <= 20
    assert r.stats()["failures"] == 0


def test_a_turn_of_the_loop_handles_only_a_part_of_many_events(start):
    fake, r = start(answers(200, page()), streams("".join(event("ADDED", o) for o in MANY)),
                    options=("-b", "100"))
    r.read("list_begin", "list_end", "state synced", *(f"put ns/s{n} {n}" for n in range(3000)))
    assert r.stats()["turn_ms"] <= 20


def test_an_error_in_a_part_that_waits_for_the_next_turn_ends_the_request(start):
    text = json.dumps(page(*MANY)).replace('"s2999"', '"s2999":')
    fake, r = start(answers(200, text), ONE, options=("-b", "100"))
    r.read("list_begin", *(f"put ns/s{n} {n}" for n in range(2999)),
           "state retrying the list is not a Kubernetes list",
           "list_begin", "put ns/a 1", "list_end", "state synced")


def test_a_relist_drops_bytes_that_wait_for_the_next_turn(start):
    fake, r = start(answers(200, page(*MANY)), ONE, hold, options=("-b", "1000"))
    r.read("list_begin", *(f"put ns/s{n} {n}" for n in range(200)))
    r.command("relist")
    while (line := r.lines.get(timeout=10)[0].strip()) != "list_begin":
        assert line.startswith("put ns/s")
    r.read("put ns/a 1", "list_end", "state synced")

# tests/unit/net

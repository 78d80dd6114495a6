# tests/unit/k8s

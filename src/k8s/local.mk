# src/k8s

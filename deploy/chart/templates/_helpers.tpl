{{/*
The value of a key: the chart's own value if the user changed it, else MetalLB's value
speaker.KEY, else the chart's default.  Context: a list of the root context, and the key.
*/}}
{{- define "arplet.value" -}}
{{- $root := index . 0 -}}
{{- $key := index . 1 -}}
{{- $speaker := $root.Values.speaker | default dict -}}
{{- if and (hasKey $speaker $key) (index $speaker $key) -}}
{{- index $speaker $key | toYaml -}}
{{- else -}}
{{- index $root.Values $key | toYaml -}}
{{- end -}}
{{- end -}}

{{/* The name of the image. */}}
{{- define "arplet.image" -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}

{{/* MetalLB's log levels, as arplet's; arplet has the values error, warn, info and debug. */}}
{{- define "arplet.logLevel" -}}
{{- $level := include "arplet.value" (list . "logLevel") | trim -}}
{{- get (dict "all" "debug" "none" "error") $level | default $level -}}
{{- end -}}

{{/* The command line options of the daemon, as a JSON list. */}}
{{- define "arplet.args" -}}
{{- $args := list (printf "--http=%s" .Values.http) -}}
{{- if .Values.loadBalancerClass }}{{ $args = append $args (printf "--lb-class=%s" .Values.loadBalancerClass) }}{{ end -}}
{{- if eq (include "arplet.value" (list . "ignoreExcludeLB") | trim) "true" }}{{ $args = append $args "--ignore-exclude-lb" }}{{ end -}}
{{- if .Values.leaveCordoned }}{{ $args = append $args "--leave-cordoned" }}{{ end -}}
{{- $level := include "arplet.logLevel" . -}}
{{- if ne $level "info" }}{{ $args = append $args (printf "--log-level=%s" $level) }}{{ end -}}
{{- if ne .Values.logFormat "text" }}{{ $args = append $args (printf "--log-format=%s" .Values.logFormat) }}{{ end -}}
{{- concat $args .Values.extraArgs | toJson -}}
{{- end -}}

{{/*
The values that only MetalLB has, and that the chart ignores: a list of their names, one per line.
MetalLB's values that are empty, false or null are not listed, because nobody misses their effect.
*/}}
{{- define "arplet.ignored" -}}
{{- range $key := list "controller" "frrk8s" "prometheus" "rbac" "validationFailurePolicy" "nameOverride" "fullnameOverride" "networkpolicies" -}}
{{- if index $.Values $key }}{{ printf "%s\n" $key }}{{ end -}}
{{- end -}}
{{- if .Values.crds }}{{ printf "crds\n" }}{{ end -}}
{{- $same := list "tolerations" "nodeSelector" "affinity" "resources" "priorityClassName" "podAnnotations" "updateStrategy" "ignoreExcludeLB" "logLevel" -}}
{{- range $key, $value := .Values.speaker | default dict -}}
{{- if and $value (not (has $key $same)) }}{{ printf "speaker.%s\n" $key }}{{ end -}}
{{- end -}}
{{- end -}}

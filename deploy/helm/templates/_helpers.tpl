{{/* A string for a value of any scalar type. Numbers of YAML are floats, and 1000000 must not become 1e+06. */}}
{{- define "mldsa-api.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}
{{ . | int64 | toString }}
{{- else -}}
{{ . | toString }}
{{- end -}}
{{- end -}}

{{/* The lines of a map whose values are strings, such as annotations. */}}
{{- define "mldsa-api.texts" -}}
{{- range $name, $value := . }}
{{ $name | quote }}: {{ include "mldsa-api.text" $value | quote }}
{{- end }}
{{- end -}}

{{/* The image of the service. */}}
{{- define "mldsa-api.image" -}}
{{- $tag := include "mldsa-api.text" (.Values.image.tag | default .Chart.AppVersion) -}}
{{ .Values.image.repository }}:{{ $tag }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end -}}

{{/* Fails if the values have two stores, a store that replicas cannot share, or a store without a sealing key. */}}
{{- define "mldsa-api.checkStore" -}}
{{- $volume := .Values.persistence.enabled -}}
{{- $database := .Values.database.existingSecret -}}
{{- if and $volume $database -}}
{{- fail "persistence.enabled and database.existingSecret must not be set together" -}}
{{- end -}}
{{- if and $volume .Values.highAvailability.enabled -}}
{{- fail "persistence.enabled is for one replica: with highAvailability.enabled set database.existingSecret" -}}
{{- end -}}
{{- if and (or $volume $database) (not .Values.keyEncryption.existingSecret) -}}
{{- fail "keyEncryption.existingSecret must be set: without it there are no authorities to store" -}}
{{- end -}}
{{- end -}}

{{/* The path that all routes of the service begin with. */}}
{{- define "mldsa-api.path" -}}
{{ .Values.config.BASE_PATH | default "/" }}
{{- end -}}

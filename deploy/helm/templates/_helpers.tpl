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

{{/* The path that all routes of the service begin with. */}}
{{- define "mldsa-api.path" -}}
{{ .Values.config.BASE_PATH | default "/" }}
{{- end -}}

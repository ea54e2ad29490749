{{/* Names, labels and images that several templates use. */}}

{{- define "agentgateway-control-plane.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "agentgateway-control-plane.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Roles of two releases must not meet, not even when they are in one namespace. */}}
{{- define "agentgateway-control-plane.roleName" -}}
{{- printf "%s-%s" (include "agentgateway-control-plane.fullname" .) .Release.Namespace }}
{{- end }}

{{/* The first label is what agctl looks for. */}}
{{- define "agentgateway-control-plane.selectorLabels" -}}
agentgateway: agentgateway
app.kubernetes.io/name: {{ include "agentgateway-control-plane.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "agentgateway-control-plane.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "agentgateway-control-plane.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "agentgateway-control-plane.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "agentgateway-control-plane.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* A version such as 1.2.3 gets its v; v1.2.3 and names such as latest stay as they are. */}}
{{- define "agentgateway-control-plane.tag" -}}
{{- ternary (printf "v%s" .) . (regexMatch "^[0-9]+\\.[0-9]+\\." .) }}
{{- end }}

{{- define "agentgateway-control-plane.image" -}}
{{- $image := .Values.controller.image }}
{{- $registry := default .Values.image.registry $image.registry }}
{{- $tag := coalesce $image.tag .Values.image.tag .Chart.AppVersion | toString }}
{{- with $registry }}{{ . }}/{{ end }}{{ $image.repository }}:{{ include "agentgateway-control-plane.tag" $tag }}
{{- end }}

{{- define "agentgateway-control-plane.proxyTag" -}}
{{- coalesce .Values.proxy.image.tag .Values.image.tag (index .Chart.Annotations "agentgateway.dev/proxy-release") }}
{{- end }}

{{/* One variable of controller.extraEnv; needs name and value. */}}
{{- define "agentgateway-control-plane.extraVariable" -}}
- name: {{ .name }}
{{- if kindIs "map" .value }}
{{- if eq (hasKey .value "value") (hasKey .value "valueFrom") }}
{{- fail (printf "controller.extraEnv.%s must have exactly one of value and valueFrom" .name) }}
{{- end }}
{{- if hasKey .value "value" }}
  value: {{ .value.value | toString | quote }}
{{- else }}
  valueFrom:
    {{- toYaml .value.valueFrom | nindent 4 }}
{{- end }}
{{- else }}
  value: {{ .value | toString | quote }}
{{- end }}
{{- end }}

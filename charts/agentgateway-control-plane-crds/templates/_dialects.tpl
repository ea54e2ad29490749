{{/*
A CRD that somebody else has installed stays as it is: two projects that own one kind would overwrite each other for ever.
*/}}
{{- define "dialects.refuseForeign" -}}
{{- $found := lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" .name -}}
{{- if $found -}}
{{- $annotations := default (dict) $found.metadata.annotations -}}
{{- $release := get $annotations "meta.helm.sh/release-name" -}}
{{- $namespace := get $annotations "meta.helm.sh/release-namespace" -}}
{{- if or (ne $release .root.Release.Name) (ne $namespace .root.Release.Namespace) -}}
{{- fail (printf "%s is in the cluster already and does not belong to this release: leave %s off; objects of that kind are read all the same" .name .value) -}}
{{- end -}}
{{- end -}}
{{- end -}}

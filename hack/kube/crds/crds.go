// Package crds names the modules whose CRDs tests install; of their code nothing is used. They are apart from the
// servers' module because they want other versions of Kubernetes' libraries.
package crds

import (
	_ "sigs.k8s.io/gateway-api-inference-extension/api/v1"
	_ "sigs.k8s.io/gateway-api/apis/v1"
)

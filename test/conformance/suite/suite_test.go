// Package suite is the Gateway API's own conformance suite as a test of this repository: the release that go.mod names,
// with the flags that ../run.ts gives it. What it demands and how it judges is all the suite's.
package suite

import (
	"testing"

	"sigs.k8s.io/gateway-api/conformance"
)

func TestConformance(t *testing.T) { conformance.RunConformance(t) }

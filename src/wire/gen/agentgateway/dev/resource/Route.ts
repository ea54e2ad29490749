// Original file: resource.proto

import type { RouteName as _agentgateway_dev_resource_RouteName, RouteName__Output as _agentgateway_dev_resource_RouteName__Output } from '../../../agentgateway/dev/resource/RouteName.ts';
import type { RouteMatch as _agentgateway_dev_resource_RouteMatch, RouteMatch__Output as _agentgateway_dev_resource_RouteMatch__Output } from '../../../agentgateway/dev/resource/RouteMatch.ts';
import type { RouteBackend as _agentgateway_dev_resource_RouteBackend, RouteBackend__Output as _agentgateway_dev_resource_RouteBackend__Output } from '../../../agentgateway/dev/resource/RouteBackend.ts';
import type { TrafficPolicySpec as _agentgateway_dev_resource_TrafficPolicySpec, TrafficPolicySpec__Output as _agentgateway_dev_resource_TrafficPolicySpec__Output } from '../../../agentgateway/dev/resource/TrafficPolicySpec.ts';
import type { NamespacedHostname as _istio_workload_NamespacedHostname, NamespacedHostname__Output as _istio_workload_NamespacedHostname__Output } from '../../../istio/workload/NamespacedHostname.ts';

export interface Route {
  'key'?: (string);
  'listenerKey'?: (string);
  'name'?: (_agentgateway_dev_resource_RouteName | null);
  'hostnames'?: (string)[];
  'matches'?: (_agentgateway_dev_resource_RouteMatch)[];
  'backends'?: (_agentgateway_dev_resource_RouteBackend)[];
  'trafficPolicies'?: (_agentgateway_dev_resource_TrafficPolicySpec)[];
  'serviceKey'?: (_istio_workload_NamespacedHostname | null);
  'routeGroupKey'?: (string);
  'servicePort'?: (number);
  '_routeGroupKey'?: "routeGroupKey";
}

export interface Route__Output {
  'key'?: (string);
  'listenerKey'?: (string);
  'name'?: (_agentgateway_dev_resource_RouteName__Output);
  'hostnames'?: (string)[];
  'matches'?: (_agentgateway_dev_resource_RouteMatch__Output)[];
  'backends'?: (_agentgateway_dev_resource_RouteBackend__Output)[];
  'trafficPolicies'?: (_agentgateway_dev_resource_TrafficPolicySpec__Output)[];
  'serviceKey'?: (_istio_workload_NamespacedHostname__Output);
  'routeGroupKey'?: (string);
  'servicePort'?: (number);
  '_routeGroupKey'?: "routeGroupKey";
}

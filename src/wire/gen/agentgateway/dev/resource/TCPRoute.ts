// Original file: resource.proto

import type { RouteName as _agentgateway_dev_resource_RouteName, RouteName__Output as _agentgateway_dev_resource_RouteName__Output } from '../../../agentgateway/dev/resource/RouteName.ts';
import type { RouteBackend as _agentgateway_dev_resource_RouteBackend, RouteBackend__Output as _agentgateway_dev_resource_RouteBackend__Output } from '../../../agentgateway/dev/resource/RouteBackend.ts';
import type { NamespacedHostname as _istio_workload_NamespacedHostname, NamespacedHostname__Output as _istio_workload_NamespacedHostname__Output } from '../../../istio/workload/NamespacedHostname.ts';

export interface TCPRoute {
  'key'?: (string);
  'listenerKey'?: (string);
  'name'?: (_agentgateway_dev_resource_RouteName | null);
  'hostnames'?: (string)[];
  'backends'?: (_agentgateway_dev_resource_RouteBackend)[];
  'serviceKey'?: (_istio_workload_NamespacedHostname | null);
  'servicePort'?: (number);
}

export interface TCPRoute__Output {
  'key'?: (string);
  'listenerKey'?: (string);
  'name'?: (_agentgateway_dev_resource_RouteName__Output);
  'hostnames'?: (string)[];
  'backends'?: (_agentgateway_dev_resource_RouteBackend__Output)[];
  'serviceKey'?: (_istio_workload_NamespacedHostname__Output);
  'servicePort'?: (number);
}

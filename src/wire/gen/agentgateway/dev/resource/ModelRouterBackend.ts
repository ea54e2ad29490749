// Original file: resource.proto

export interface ModelRouterBackend {
  'routerKey'?: (string);
}

export interface ModelRouterBackend__Output {
  'routerKey'?: (string);
}

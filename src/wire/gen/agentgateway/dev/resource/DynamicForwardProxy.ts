// Original file: resource.proto

export interface DynamicForwardProxy {
}

export interface DynamicForwardProxy__Output {
}

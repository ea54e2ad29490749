// Original file: resource.proto

export interface Delay {
  'duration'?: (string);
}

export interface Delay__Output {
  'duration'?: (string);
}

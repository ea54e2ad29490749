// Original file: resource.proto

export interface AwsImplicit {
}

export interface AwsImplicit__Output {
}

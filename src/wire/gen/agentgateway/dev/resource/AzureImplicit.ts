// Original file: resource.proto

export interface AzureImplicit {
}

export interface AzureImplicit__Output {
}

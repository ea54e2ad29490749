// Original file: resource.proto

export interface AzureDeveloperImplicit {
}

export interface AzureDeveloperImplicit__Output {
}

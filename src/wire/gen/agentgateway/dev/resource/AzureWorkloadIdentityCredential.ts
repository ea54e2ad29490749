// Original file: resource.proto

export interface AzureWorkloadIdentityCredential {
}

export interface AzureWorkloadIdentityCredential__Output {
}

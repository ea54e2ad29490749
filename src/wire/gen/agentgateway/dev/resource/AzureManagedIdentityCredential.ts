// Original file: resource.proto

export interface _agentgateway_dev_resource_AzureManagedIdentityCredential_UserAssignedIdentity {
  'clientId'?: (string);
  'objectId'?: (string);
  'resourceId'?: (string);
  'id'?: "clientId"|"objectId"|"resourceId";
}

export interface _agentgateway_dev_resource_AzureManagedIdentityCredential_UserAssignedIdentity__Output {
  'clientId'?: (string);
  'objectId'?: (string);
  'resourceId'?: (string);
  'id'?: "clientId"|"objectId"|"resourceId";
}

export interface AzureManagedIdentityCredential {
  'userAssignedIdentity'?: (_agentgateway_dev_resource_AzureManagedIdentityCredential_UserAssignedIdentity | null);
  '_userAssignedIdentity'?: "userAssignedIdentity";
}

export interface AzureManagedIdentityCredential__Output {
  'userAssignedIdentity'?: (_agentgateway_dev_resource_AzureManagedIdentityCredential_UserAssignedIdentity__Output);
  '_userAssignedIdentity'?: "userAssignedIdentity";
}

// What protects the xDS port of a cluster: the certificate that it shows, and the tokens that it demands. Either can be
// turned off by the settings; nothing else turns it off.
import type { ClusterClient } from '../cluster/client.ts'
import { openXdsCertificates, xdsHosts } from '../cluster/xds-certificates.ts'
import type { XdsServerOptions } from '../xds/server.ts'
import { tokenReviewer } from '../xds/token-review.ts'
import type { Running } from './serve.ts'

/** Resolves when there is a certificate, or none is needed, or `signal` ends the wait. */
export async function xdsSecurity(
  { settings, logs }: Pick<Running, 'settings' | 'logs'>,
  client: ClusterClient,
  signal: AbortSignal,
): Promise<Pick<XdsServerOptions, 'security' | 'authenticator'>> {
  const { xdsMode, xdsAuth, xdsServiceHost, xdsServiceName, systemNamespace, clusterDomain } = settings
  const log = logs.component('krtxds')
  if (xdsMode === 'plaintext') log.warn({}, 'xDS is served in plaintext: AGW_XDS_MODE says so')
  if (!xdsAuth) log.warn({}, 'proxies are believed without tokens: AGW_XDS_AUTH says so')
  const authenticator = tokenReviewer({ review: (token, audiences) => client.reviewToken(token, audiences), log })
  return {
    ...(xdsAuth ? { authenticator } : {}),
    ...(xdsMode === 'plaintext' ? {} : { security: await security() }),
  }

  async function security(): Promise<NonNullable<XdsServerOptions['security']>> {
    const hosts = xdsHosts({
      ...{ serviceHost: xdsServiceHost, serviceName: xdsServiceName, namespace: systemNamespace, clusterDomain },
      additionalHosts: settings.additionalXdsTlsHosts,
    })
    const certificates = await openXdsCertificates({ client, namespace: systemNamespace, hosts, log }, signal)
    return {
      watch: (use) => certificates.watch(use),
      takesPlaintext: xdsMode === 'either',
      failed: (peer, { message }) => log.debug({ peer, error: message }, 'a TLS handshake failed'),
    }
  }
}

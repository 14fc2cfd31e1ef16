import {
  OPERATOR,
  OPERATOR_GRANT,
  recorderGrant,
  recorderUser,
  serviceGrant,
  SERVICES,
  type NatsGrant,
} from '@clipmesh/contracts';

/** How long a service may take to answer what it was asked. */
const REPLY_WITHIN = '5m';

/** The part of a server's configuration that says who may connect and what they may do. JSON is what the server reads, too. */
export function natsAuthorization(secretOf: (user: string) => string, videos: readonly string[]): string {
  const users = [
    userOf(OPERATOR, OPERATOR_GRANT),
    ...SERVICES.map((service) => userOf(service, serviceGrant(service))),
    ...videos.map((video) => userOf(recorderUser(video), recorderGrant(video))),
  ];
  return `authorization: ${JSON.stringify({ users }, undefined, 2)}\n`;

  function userOf(user: string, { publish, subscribe, replies }: NatsGrant): object {
    return {
      user,
      password: secretOf(user),
      permissions: {
        publish: { allow: publish },
        subscribe: { allow: subscribe },
        ...(replies ? { allow_responses: { max: 1, expires: REPLY_WITHIN } } : {}),
      },
    };
  }
}

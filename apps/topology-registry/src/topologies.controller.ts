import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  ListTopologies,
  REQUESTS,
  ResolveTopologyBody,
  TopologyBody,
  TopologyName,
  type DeleteTopologyReply,
  type PutTopologyReply,
  type ResolveTopologyReply,
  type TopologyPage,
  type TopologyView,
} from '@clipmesh/contracts';
import { deleteTopology } from './handlers/delete-topology';
import { getTopology } from './handlers/get-topology';
import { listTopologies } from './handlers/list-topologies';
import { patchTopology } from './handlers/patch-topology';
import { putTopology } from './handlers/put-topology';
import { resolveTopology } from './handlers/resolve-topology';
import { Surroundings } from './surroundings';

/** The requests that topology-registry answers, one handler each. */
@Controller()
export class TopologiesController {
  constructor(private readonly around: Surroundings) {}

  @MessagePattern(REQUESTS.topologiesPut)
  put(@Payload() request: TopologyBody): Promise<PutTopologyReply> {
    return putTopology(this.around.store, request);
  }

  @MessagePattern(REQUESTS.topologiesGet)
  get(@Payload() request: TopologyName): Promise<TopologyView> {
    return getTopology(this.around.store, request);
  }

  @MessagePattern(REQUESTS.topologiesList)
  list(@Payload() request: ListTopologies): Promise<TopologyPage> {
    return listTopologies(this.around.store, request);
  }

  @MessagePattern(REQUESTS.topologiesPatch)
  patch(@Payload() request: TopologyBody): Promise<TopologyView> {
    return patchTopology(this.around.store, this.around.ask, request);
  }

  @MessagePattern(REQUESTS.topologiesDelete)
  delete(@Payload() request: TopologyName): Promise<DeleteTopologyReply> {
    return deleteTopology(this.around.store, this.around.ask, request);
  }

  @MessagePattern(REQUESTS.topologiesResolve)
  resolve(@Payload() request: ResolveTopologyBody): Promise<ResolveTopologyReply> {
    return resolveTopology(this.around.store, this.around.limits, request);
  }
}

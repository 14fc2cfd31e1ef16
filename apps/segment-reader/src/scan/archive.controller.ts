import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  CoverageRequest,
  EstimateArchiveBody,
  REQUESTS,
  ScanRequest,
  type CoverageReply,
  type JobEstimate,
  type ScanReply,
} from '@clipmesh/contracts';
import { ReaderParts } from '../reader-parts';

/** `archive.*`: what is recorded, what a job would make of it, and what is in the store without being known. */
@Controller()
export class ArchiveController {
  constructor(private readonly parts: ReaderParts) {}

  @MessagePattern(REQUESTS.archiveCoverage)
  coverage(@Payload() body: CoverageRequest): Promise<CoverageReply> {
    return this.parts.coverage.read(body);
  }

  @MessagePattern(REQUESTS.archiveEstimate)
  estimate(@Payload() body: EstimateArchiveBody): Promise<JobEstimate> {
    return this.parts.estimator.estimate(body);
  }

  @MessagePattern(REQUESTS.archiveScan)
  scan(@Payload() body: ScanRequest): Promise<ScanReply> {
    return this.parts.scan.scan(body);
  }
}

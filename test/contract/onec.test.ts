// Owns on which 1C infobases the suite runs: both simulated configurations, and an awkward server of each.
import { onec } from '../../nodes/OneC/onec.system';
import { onecBench } from './bench.onec';
import { connectorContract } from './contract';

connectorContract('simulated УТ 11', onec, async () => await onecBench('ut'));
connectorContract('simulated БП 3.0', onec, async () => await onecBench('bp'));
connectorContract('simulated УТ 11 that rotates its rows, hides 404s and keeps versions as SQL Server does', onec, async () => await onecBench('ut', { rotateUnordered: true, iisReplaces404: true, dataVersion: 'row', bom: true, createdNumber: 'empty' }));

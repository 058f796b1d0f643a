// Owns the run of the suite on a real OData v4 server, which the shipped plain profile describes.
import { capabilitiesOf } from '../../nodes/RestErp/rest.capabilities';
import { chooseProfile } from '../../nodes/RestErp/rest.profile';
import { rest } from '../../nodes/RestErp/rest.system';
import { capBench } from './bench.cap';
import { connectorContract } from './contract';

connectorContract('CAP over OData v4', { ...rest, capabilities: capabilitiesOf(chooseProfile({ profile: 'odata-v4' })) }, async () => await capBench(rest));

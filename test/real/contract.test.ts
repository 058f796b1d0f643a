// Owns the contract suite's run on the real servers of this tier.
import { systemClock } from '../../nodes/kit/http';
import { odoo } from '../../nodes/OdooErp/odoo.system';
import { vtiger } from '../../nodes/Vtiger/vtiger.system';
import { odooBench } from '../contract/bench.odoo';
import { vtigerBench } from '../contract/bench.vtiger';
import { connectorContract } from '../contract/contract';
import { namedOdoo, namedVtiger } from '../contract/named';

const realOdoo = namedOdoo()!;
connectorContract('real Odoo', odoo, async () => await odooBench(realOdoo, { clock: systemClock }));

const realVtiger = namedVtiger();
if (realVtiger) connectorContract('real vtiger', vtiger, async () => await vtigerBench(realVtiger, { clock: systemClock }));

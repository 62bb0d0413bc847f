import type { Operator } from './operator.js';

// Clouds in which companies run what is their own: functions, runners, desktops, connectors. Nearer to a user than a
// rented server, of which the list is in hosting.ts.
export const cloud: readonly Operator[] = [
  ['Amazon', 'ip-ranges.amazonaws.com', 16509, 14618, 8987, 7224, 62785],
  ['Beijing Guanghuan Xinwang (Sinnet), Ningxia West Cloud: AWS China', 'amazonaws.cn', 55960, 135629],
  ['Shanghai Blue Cloud (21Vianet): Azure China', 'azure.cn', 58593],
  ['Microsoft', 'azure.microsoft.com', 8075, 8068, 8069, 8070, 12076, 3598, 35106, 58862, 59067],
  ['Google', 'cloud.google.com', 15169, 396982, 19527, 36040, 36384, 394089, 43515, 214609, 214611],
  ['Oracle', 'oracle.com/cloud', 31898, 54253, 20054, 14544],
  ['IBM Cloud', 'ibm.com/cloud', 36351],
  ['Alibaba', 'alibabacloud.com', 45102, 37963, 134963],
  ['Tencent', 'tencentcloud.com', 45090, 132203, 133478],
  ['Huawei', 'huaweicloud.com', 136907, 55990],
  ['Yandex.Cloud', 'yandex.cloud', 200350],
  ['Salesforce', 'salesforce.com', 14340],
  ['SAP', 'sap.com', 35039, 12510, 205356, 3271],
  ['ServiceNow', 'servicenow.com', 16839],
];

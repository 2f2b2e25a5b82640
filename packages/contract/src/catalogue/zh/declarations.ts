/** 声明文档中某一项的问题，或对它的处理结果。 */
export const declarationFields = {
  declared_differs: '这里现为 {{here}}，已有内容不会被覆盖。要以文档为准：--overwrite',
  declared_follows: '已略过：它所属的 {{place}} 未导入。',
  declared_expired: '已略过：它已于 {{at}} 到期。',
  declared_twice: '它在文档中出现两次，或前后矛盾。请只保留其一。',
  declared_no_space: '没有地址空间“{{space}}”，文档中也没有。wirebook space create {{quoted}}',
  declared_no_account:
    '这里尚未添加“{{account}}”的 vCenter 或 ESXi。wirebook account add {{quoted}} --url URL --username USER --password-stdin --trust-seen；如果它已换成另一个，请用 --account-map 说明；或略过其上的内容：--skip-missing',
  declared_no_wire:
    '账号“{{account}}”没有二层网络“{{wire}}”。请重新同步（wirebook account sync {{accountQuoted}}），或略过其上的内容：--skip-missing',
  declared_wire_ambiguous:
    '账号“{{account}}”有 {{count}} 个名为“{{wire}}”的二层网络，端口组 ID 都不符。请用端口组 ID 指明：wirebook wire list --name {{wireQuoted}} --fields name,portGroupId,datacenter',
  declared_wire_by_name: '已没有这个端口组 ID 的二层网络；采用了唯一名为 {{wire}} 的 {{portGroupId}}。',
  declared_wire_tied:
    '“{{wire}}”不能移到另一个地址空间：它所属的子网（{{networks}}）会被拆开。请先从这些子网中移除它。',
  declared_wire_meets: '“{{wire}}”不能连同其子网移到“{{space}}”：那里已有与之冲突的子网或地址。',
  declared_other_space:
    '二层网络“{{wire}}”位于地址空间“{{wireSpace}}”。请先移动它：wirebook wire update {{quoted}} --space {{space}}',
  declared_on_other_wire:
    '子网“{{network}}”在这里位于另一个二层网络，而导入不会移动子网。请从文档中删去它，或先移动它。',
  declared_no_network:
    '地址空间“{{space}}”没有子网“{{network}}”，文档中也没有。wirebook network create {{quoted}} --wire WIRE --cidr PREFIX',
  declared_no_server:
    '账号“{{account}}”没有虚拟机“{{server}}”。请重新同步（wirebook account sync {{accountQuoted}}），或略过它的地址：--skip-missing',
  declared_server_ambiguous:
    '账号“{{account}}”有 {{count}} 台虚拟机可能是“{{server}}”。请用实例 UUID 指明，或略过它的地址：--skip-missing',
  declared_no_nic:
    '{{server}} 没有这块网卡；它有 {{macs}}。请查看它的网卡（wirebook server show {{serverQuoted}}），或略过该地址：--skip-missing',
  declared_key_taken: '在“{{network}}”中，这个键已占有 {{ip}}；一个键只有一个地址。',
  declared_no_conflict: '无需裁决：{{server}} 在这里并未声称占用 {{ip}}。',
} as const;

/** What is wrong with an item of a document of declarations, or what became of it. */
export const declarationFields = {
  declared_differs:
    'Here it is {{here}}, and nothing that stands here is written over. To take the word of the document: --overwrite',
  declared_follows: 'Left out, as {{place}} is, which it belongs to.',
  declared_expired: 'Left out: its time was over at {{at}}.',
  declared_twice: 'It stands there twice, or once so and once otherwise. Keep one of the two.',
  declared_no_space:
    'There is no address space "{{space}}", and the document makes none. wirebook space create {{quoted}}',
  declared_no_account:
    'The vCenter or ESXi of "{{account}}" was not added here. wirebook account add {{quoted}} --url URL --username USER --password-stdin --trust-seen; if it is another one now, say which: --account-map; or leave out what lies on it: --skip-missing',
  declared_no_wire:
    'The account "{{account}}" has no wire "{{wire}}". Read it again (wirebook account sync {{accountQuoted}}), or leave out what lies on it: --skip-missing',
  declared_wire_ambiguous:
    'The account "{{account}}" has {{count}} wires "{{wire}}", and none with that port group id. Name one of them by its port group id: wirebook wire list --name {{wireQuoted}} --fields name,portGroupId,datacenter',
  declared_wire_by_name:
    'No wire has this port group id any more; the only one that is called {{wire}} was taken, {{portGroupId}}.',
  declared_wire_tied:
    '"{{wire}}" can\'t go to another address space: it belongs to networks that would be torn apart ({{networks}}). Take the wire out of those first.',
  declared_wire_meets:
    '"{{wire}}" can\'t go to "{{space}}" with its networks: there are networks or addresses there already that they would meet.',
  declared_other_space:
    'The wire "{{wire}}" lies in the address space "{{wireSpace}}". Put it there first: wirebook wire update {{quoted}} --space {{space}}',
  declared_on_other_wire:
    'The network "{{network}}" lies on another wire here, and an import moves no network. Take it out of the document, or move it first.',
  declared_no_network:
    'The address space "{{space}}" has no network "{{network}}", and the document makes none. wirebook network create {{quoted}} --wire WIRE --cidr PREFIX',
  declared_no_server:
    'The account "{{account}}" has no server "{{server}}". Read it again (wirebook account sync {{accountQuoted}}), or leave its addresses out: --skip-missing',
  declared_server_ambiguous:
    'The account "{{account}}" has {{count}} servers that may be meant by "{{server}}". Name one of them by its instance UUID, or leave its addresses out: --skip-missing',
  declared_no_nic:
    '{{server}} has no such NIC; it has {{macs}}. See its NICs (wirebook server show {{serverQuoted}}), or leave the address out: --skip-missing',
  declared_key_taken: 'In "{{network}}" this key has {{ip}} already, and a key has one address.',
  declared_no_conflict: 'Nothing to decide: {{server}} does not claim {{ip}} here.',
} as const;

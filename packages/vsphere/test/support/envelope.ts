const head =
  '<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"' +
  ' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"' +
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n<soapenv:Body>\n';

/** A SOAP reply as a vCenter writes it. */
export function envelope(inside: string): string {
  return `${head}${inside}\n</soapenv:Body>\n</soapenv:Envelope>`;
}

/** A response element with what it returns. */
export function response(method: string, inside = ''): string {
  return envelope(`<${method}Response xmlns="urn:vim25">${inside}</${method}Response>`);
}

/** A SOAP fault as a vCenter writes it, with the fields of its type. */
export function fault(type: string, fields = '', faultString = `It is ${type}.`): string {
  return envelope(
    `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${faultString}</faultstring>` +
      `<detail><${type}Fault xmlns="urn:vim25" xsi:type="${type}">${fields}</${type}Fault></detail></soapenv:Fault>`,
  );
}

/** One object of a RetrieveResult; `props` are propSet contents by path, written as given. */
export function content(
  type: string,
  value: string,
  props: Readonly<Record<string, string>>,
  more = '',
): string {
  const sets = Object.entries(props).map(([name, val]) => `<propSet><name>${name}</name>${val}</propSet>`);
  return `<objects><obj type="${type}">${value}</obj>${sets.join('')}${more}</objects>`;
}

export const stringVal = (text: string): string => `<val xsi:type="xsd:string">${text}</val>`;

/** A missingSet entry. */
export function missing(path: string, type: string, fields = ''): string {
  return `<missingSet><path>${path}</path><fault><fault xsi:type="${type}">${fields}</fault><localizedMessage>no</localizedMessage></fault></missingSet>`;
}

# SPDX-License-Identifier: GPL-3.0-or-later
# soap4r: calls what each line of standard input says; see clients.py.

require 'json'
require 'soap/wsdlDriver'
require 'xsd/xmlparser/libxmlparser' # REXML 3.3, its other one, refuses any XML declaration from it

client = SOAP::WSDLDriverFactory.new(ENV['FARTHING_ENDPOINT'] + '?wsdl').create_rpc_driver

# It leaves out what is false.
def sendable(value)
  value == false ? 'false' : value
end

def plain(value)
  case value
  when SOAP::Mapping::Object then value.__xmlele.to_h { |name, field| [name.name, plain(field)] }
  when Array then value.map { |each| plain(each) }
  else value
  end
end

$stdin.each_line do |line|
  call = JSON.parse(line)
  parameters = call['parameters'].transform_values { |value| sendable(value) }
  said =
    begin
      { answer: plain(client.send(call['operation'], parameters)) }
    rescue SOAP::FaultError => error
      { fault: plain(error.detail.vendorFault) }
    end
  puts JSON.generate(said)
  $stdout.flush
end

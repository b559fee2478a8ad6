# SPDX-License-Identifier: GPL-3.0-or-later
# SOAP::Lite: calls what each line of standard input says; see clients.py.
# It guesses types by the look of values, so they are said.

use strict;
use warnings;
use JSON::PP;
use SOAP::Lite;

# The version is the class's: one set later leaves half of the message in the other.
SOAP::Lite->soapversion($ENV{SOAP_VERSION});
my $client = SOAP::Lite->proxy($ENV{FARTHING_ENDPOINT})->default_ns('urn:farthing:vendor:1');
my %type = (
    (map { $_ => 'decimal' } qw(Price Amount Share AmountPerSale)),
    (map { $_ => 'boolean' } qw(IsPost ShippingRequested)),
    (map { $_ => 'dateTime' } qw(AbsoluteExpTime Since Until ExpiresAt ValidFrom)),
    (map { $_ => 'int' } qw(NumberOfTimesToView NumberOfDaysToView NumberOfHoursToView PageSize Count)));
my $json = JSON::PP->new->utf8;
$| = 1;

sub data {
    my ($name, $value) = @_;
    return map { data($name, $_) } @$value if ref $value eq 'ARRAY';
    if (ref $value eq 'HASH') {
        my @fields = fields($value);
        # A structure of nothing would lose its name.
        return SOAP::Data->name($name)->type('')->value(@fields ? \SOAP::Data->value(@fields) : '');
    }
    $value = $value ? 'true' : 'false' if JSON::PP::is_bool($value);
    return SOAP::Data->name($name)->type($type{$name} // 'string')->value($value);
}

sub fields {
    my ($object) = @_;
    return map { data($_, $object->{$_}) } keys %$object;
}

while (my $line = <STDIN>) {
    my $call = $json->decode($line);
    my $answer = $client->call($call->{operation} => fields($call->{parameters}));
    my $said =
        !ref $answer ? { error => $client->transport->status }
        : $answer->fault ? { fault => $answer->valueof('//Fault//VendorFault') }
        : { answer => $answer->body->{"$call->{operation}Response"} };
    print $json->encode($said), "\n";
}

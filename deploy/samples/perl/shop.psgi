# SPDX-License-Identifier: GPL-3.0-or-later
# A page that sells one item and shows it to those who have bought it. With Debian's
# libsoap-lite-perl and libplack-perl, after exporting FARTHING_URL, SHOP_URL (this page's address,
# which you have registered, such as http://localhost:8081/), VENDOR_ID and VENDOR_PASSWORD:
#
#     plackup --host localhost --port 8081 shop.psgi

use strict;
use warnings;
use utf8;
use Encode qw(encode_utf8);
use HTML::Entities qw(encode_entities);
use Plack::Request;
use SOAP::Lite;
use URI;

my $title = 'Café <Noir> & other tales';
my $content = 'The rain had stopped, but nobody in the café had noticed.';
my %type = (Price => 'decimal', IsPost => 'boolean', NumberOfDaysToView => 'int');
my $farthing = SOAP::Lite->proxy("$ENV{FARTHING_URL}/soap/vendor/1", timeout => 10)
    ->default_ns('urn:farthing:vendor:1');

sub call {
    my ($operation, %parameters) = @_;
    %parameters = (
        VendorID => $ENV{VENDOR_ID}, VendorPassword => $ENV{VENDOR_PASSWORD},
        ContentURL => $ENV{SHOP_URL}, %parameters);
    # Types are said: SOAP::Lite would guess them from the values.
    my $answer = $farthing->call($operation => map {
        SOAP::Data->name($_)->type($type{$_} // 'string')->value($parameters{$_})
    } keys %parameters);
    die $farthing->transport->status . "\n" unless ref $answer;
    if ($answer->fault) {
        my $why = $answer->faultdetail->{VendorFault} // {};
        die join(' ', map { $why->{$_} // '' } qw(Code Message CorrelationID)) . "\n";
    }
    return $answer->body->{"${operation}Response"};
}

sub page {
    my ($status, $html, @headers) = @_;
    my $heading = encode_entities($title);
    # The address may hold the encrypted user ID: Referrer-Policy keeps it here.
    return [$status, ['Content-Type' => 'text/html; charset=utf-8', 'Cache-Control' => 'no-store',
            'Referrer-Policy' => 'no-referrer', @headers],
        [encode_utf8("<!DOCTYPE html><html lang=\"en\"><title>$heading</title><h1>$heading</h1>$html</html>")]];
}

sub answer {
    my ($request) = @_;
    return page(404, '<p>There is nothing here.</p>') if $request->path ne URI->new($ENV{SHOP_URL})->path;
    my $id = $request->query_parameters->{EncryptedUserID};
    if (defined $id) {
        my $access = call('Lock_Content', EncryptedUserID => $id);
        return page(200, '<p id="content">' . encode_entities($content) . '</p>')
            if $access->{Authorized} eq 'true';
        # BuyURL renews the ID of a buyer and sells to others.
        return page(303, '', Location => $access->{BuyURL}) if $access->{BuyURL};
    }
    my $offer = call('InitiateTransaction', ContentTitle => $title, Price => '0.25', IsPost => 'false',
        NumberOfDaysToView => 30);
    return page(200, "<p>Yours for 30 days.</p><p>$offer->{BuyHTML}</p>");
}

sub {
    my $page = eval { answer(Plack::Request->new($_[0])) };
    return $page if $page;
    warn encode_utf8($@);
    return page(503, '<p id="problem">This cannot be sold just now. You have not been charged; '
        . 'please come back later.</p>');
};

"""What columns of files are called that mean a field: in English, Finnish, Swedish and German.

Owns these names. Compared are letters and digits alone, without case and accents: "E-mail",
"e_mail" and "EMAIL" are one name.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_SPELLINGS: Final = {
    "external_id": (
        "customer id, customer number, customer no, customernr, customer code, client id, "
        "client number, loyalty number, loyalty id, loyalty card, card number, member number, "
        "member id, membership number, membership id, asiakasnumero, asiakasnro, asiakas id, "
        "asiakastunnus, kanta-asiakasnumero, jäsennumero, jäsenid, korttinumero, kundnummer, "
        "kundnr, kund-id, medlemsnummer, medlemsnr, kortnummer, Kundennummer, Kundennr, Kunden-ID, "
        "Kd-Nr, Mitgliedsnummer, Mitgliedsnr, Kartennummer"
    ),
    "phone_number": (
        "phone, phone no, telephone, telephone number, tel, mobile, mobile phone, mobile number, "
        "cell, cell phone, cellphone number, cell number, sms, sms number, msisdn, gsm, puhelin, "
        "puhelinnumero, puh, puhnro, matkapuhelin, matkapuhelinnumero, kännykkä, gsm-numero, "
        "telefon, telefonnummer, mobil, mobilnummer, mobiltelefon, mobilnr, telefonnr, Handy, "
        "Handynummer, Mobiltelefonnummer, Rufnummer"
    ),
    "email": (
        "e-mail, email address, e-mail address, mail, mail address, sähköposti, sähköpostiosoite, "
        "s-posti, meili, e-post, epostadress, e-postadress, mejl, mejladress, E-Mail-Adresse, "
        "Mailadresse, contact email, primary email"
    ),
    "canonical_id": "group id, household id, person id, perhe id, hushålls-id, Haushalts-ID",
    "first_name": (
        "first name, firstname, given name, forename, fname, etunimi, etunimet, kutsumanimi, "
        "förnamn, tilltalsnamn, fornamn, Vorname, Rufname"
    ),
    "last_name": (
        "last name, lastname, surname, family name, lname, sukunimi, efternamn, Nachname, "
        "Familienname, Zuname"
    ),
    "can_email": (
        "email permission, email consent, email opt-in, email optin, email marketing, "
        "accepts email, accepts email marketing, newsletter permission, newsletter consent, "
        "subscribed to newsletter, email subscribed, sähköpostilupa, sähköpostimarkkinointilupa, "
        "sähköpostimarkkinointi, uutiskirjelupa, e-posttillstånd, e-postsamtycke, "
        "samtycke e-post, e-postreklam, E-Mail-Einwilligung, Einwilligung E-Mail, E-Mail-Werbung, "
        "Newsletter-Einwilligung"
    ),
    "can_sms": (
        "sms permission, sms consent, sms opt-in, sms optin, sms marketing, accepts sms, "
        "accepts sms marketing, sms subscribed, tekstiviestilupa, sms-lupa, "
        "tekstiviestimarkkinointi, sms-tillstånd, sms-samtycke, samtycke sms, "
        "SMS-Einwilligung, Einwilligung SMS, SMS-Werbung"
    ),
    "can_post": (
        "post permission, postal permission, mail permission, direct mail, post consent, "
        "postal consent, postilupa, postimarkkinointilupa, suoramarkkinointilupa, posttillstånd, "
        "samtycke post, Post-Einwilligung, Einwilligung Post, Postwerbung"
    ),
    "can_push": (
        "push permission, push consent, push opt-in, push-lupa, push-tillstånd, samtycke push, "
        "Push-Einwilligung, Einwilligung Push"
    ),
    "can_profile": (
        "profiling permission, profiling consent, profiling, profilointilupa, profilointi, "
        "profilering, samtycke profilering, Profiling-Einwilligung, Einwilligung Profiling"
    ),
    "date_joined": (
        "joined, date joined, join date, joined at, created, created at, creation date, "
        "date created, registered, registered at, registration date, signup date, member since, "
        "customer since, liittymispäivä, liittynyt, rekisteröitymispäivä, rekisteröitynyt, "
        "luotu, asiakkuus alkoi, registreringsdatum, registrerad, skapad, medlem sedan, "
        "kund sedan, anslutningsdatum, Registrierungsdatum, registriert am, angelegt am, "
        "erstellt am, Beitrittsdatum, Mitglied seit, Kunde seit"
    ),
    "last_login": (
        "last login, last seen, last sign in, last visit, viimeisin kirjautuminen, "
        "viimeksi kirjautunut, senaste inloggning, senast inloggad, letzter Login, "
        "letzte Anmeldung, zuletzt angemeldet"
    ),
    "mailing_lists": (
        "mailing list, mailing lists, lists, newsletter, newsletters, postituslista, "
        "postituslistat, uutiskirje, uutiskirjeet, nyhetsbrev, utskickslista, Verteiler, "
        "Verteilerliste, Mailingliste"
    ),
    "tags": (
        "tag, labels, label, keywords, tunniste, tunnisteet, tagit, avainsanat, taggar, tagg, "
        "etiketter, nyckelord, Schlagwort, Schlagworte, Schlagwörter, Stichwörter, Etiketten"
    ),
    "shop_id": (
        "shop, store, store id, home store, branch, myymälä, kauppa, liike, toimipiste, "
        "kotimyymälä, butik, butiks-id, hembutik, Filiale, Geschäft, Filialnummer, Stammfiliale"
    ),
    "birth_date": (
        "birthday, birthdate, date of birth, dob, born, syntymäaika, syntymäpäivä, synt.aika, "
        "födelsedatum, födelsedag, född, Geburtsdatum, Geburtstag, geboren am, geboren"
    ),
    "city": (
        "town, post town, locality, kaupunki, paikkakunta, postitoimipaikka, kunta, stad, ort, "
        "postort, Stadt, Wohnort, Gemeinde"
    ),
    "company": (
        "company name, organisation, organization, business name, employer, yritys, "
        "yrityksen nimi, yhtiö, organisaatio, företag, företagsnamn, bolag, organisations namn, "
        "Firma, Firmenname, Unternehmen"
    ),
    "country": "country code, maa, maakoodi, maatunnus, land, landskod, Ländercode, Landescode",
    "gender": "sex, sukupuoli, kön, Geschlecht",
    "house_number": (
        "house no, building number, street number, street no, talonumero, talon numero, "
        "husnummer, gatunummer, Hausnummer, Hausnr"
    ),
    "house_number_addition": (
        "house number suffix, apartment, apartment number, flat, unit, asunto, rappu, huoneisto, "
        "lägenhet, lägenhetsnummer, Hausnummerzusatz, Adresszusatz, Wohnung"
    ),
    "language": (
        "lang, language code, locale, preferred language, kieli, asiointikieli, kielikoodi, "
        "äidinkieli, språk, språkkod, Sprache, Sprachcode"
    ),
    "province": (
        "state, region, county, state province, maakunta, lääni, alue, län, landskap, "
        "Bundesland, Kanton, Provinz, Region"
    ),
    "street_address": (
        "address, street, address 1, address line 1, address1, street address 1, postal address, "
        "mailing address, home address, osoite, katuosoite, lähiosoite, postiosoite, kotiosoite, "
        "adress, gatuadress, postadress, hemadress, Adresse, Anschrift, Straße und Hausnummer, "
        "Strasse und Hausnummer, Straße Hausnummer, Straße Hausnr, Postanschrift"
    ),
    "street_name": "katu, kadun nimi, gata, gatunamn, Straße, Strasse, Straßenname",
    "vat_number": (
        "vat, vat id, vat no, tax id, tax number, alv-numero, alv-tunnus, y-tunnus, momsnummer, "
        "momsregistreringsnummer, vat-nummer, Umsatzsteuer-ID, USt-ID, USt-IdNr, UID, Steuernummer"
    ),
    "zip_code": (
        "zip, postcode, postal code, post code, zipcode, postinumero, postinro, postnummer, "
        "postnr, Postleitzahl, PLZ"
    ),
}
"""By field, spellings of its name besides the name itself."""


def fold_name(name: str) -> str:
    """A name of a column as names are compared: letters and digits, without case and accents."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in apart if sign.isalnum())


FIELD_OF_NAME: Final = {
    fold_name(spelling): field
    for field, spellings in _SPELLINGS.items()
    for spelling in spellings.split(", ")
}
"""By folded name, the field that it means."""

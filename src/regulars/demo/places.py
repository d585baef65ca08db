"""Towns, postal codes, streets and shops of the demo customers.

Owns place data as text tables; ``populations`` turns them into what is drawn from. The towns are
real and the postal codes have the shape and range of the town; a street need not exist there.

A line of a town table is ``city | province | postal codes | nearest shop | weight``. Postal codes
are ``first-last/step``, or in Britain the outward codes of the town.
"""

from __future__ import annotations

from typing import Final

FINNISH_TOWNS: Final = """
    Helsinki | Uusimaa | 00100-00980/10 | helsinki | 26
    Espoo | Uusimaa | 02100-02970/10 | espoo | 13
    Vantaa | Uusimaa | 01200-01730/10 | helsinki | 10
    Kauniainen | Uusimaa | 02700-02700/10 | espoo | 1
    Kirkkonummi | Uusimaa | 02400-02430/10 | espoo | 2
    Järvenpää | Uusimaa | 04400-04480/10 | helsinki | 2
    Tuusula | Uusimaa | 04300-04380/10 | helsinki | 2
    Nurmijärvi | Uusimaa | 01900-01940/10 | helsinki | 2
    Hyvinkää | Uusimaa | 05800-05900/10 | helsinki | 2
    Porvoo | Uusimaa | 06100-06200/10 | helsinki | 2
    Lohja | Uusimaa | 08100-08200/10 | espoo | 2
    Tampere | Pirkanmaa | 33100-33900/10 | tampere | 12
    Nokia | Pirkanmaa | 37100-37150/10 | tampere | 2
    Ylöjärvi | Pirkanmaa | 33470-33480/10 | tampere | 1
    Kangasala | Pirkanmaa | 36200-36280/10 | tampere | 2
    Hämeenlinna | Kanta-Häme | 13100-13600/10 | tampere | 3
    Lahti | Päijät-Häme | 15100-15950/10 | helsinki | 4
    Turku | Varsinais-Suomi | 20100-20900/10 | turku | 9
    Kaarina | Varsinais-Suomi | 20780-20780/10 | turku | 2
    Raisio | Varsinais-Suomi | 21200-21280/10 | turku | 1
    Naantali | Varsinais-Suomi | 21100-21110/10 | turku | 1
    Salo | Varsinais-Suomi | 24100-24280/10 | turku | 2
    Pori | Satakunta | 28100-28900/10 | turku | 3
    Rauma | Satakunta | 26100-26820/10 | turku | 1
    Jyväskylä | Keski-Suomi | 40100-40950/10 | tampere | 5
    Kuopio | Pohjois-Savo | 70100-70900/10 | online | 4
    Joensuu | Pohjois-Karjala | 80100-80260/10 | online | 2
    Lappeenranta | Etelä-Karjala | 53100-53950/10 | online | 2
    Kouvola | Kymenlaakso | 45100-45740/10 | online | 2
    Seinäjoki | Etelä-Pohjanmaa | 60100-60550/10 | tampere | 2
    Vaasa | Pohjanmaa | 65100-65380/10 | online | 1
    Oulu | Pohjois-Pohjanmaa | 90100-90940/10 | oulu | 8
    Kempele | Pohjois-Pohjanmaa | 90440-90450/10 | oulu | 1
    Rovaniemi | Lappi | 96100-96960/10 | oulu | 2
"""
FINLAND_SWEDISH_TOWNS: Final = """
    Helsingfors | Nyland | 00100-00980/10 | helsinki | 24
    Esbo | Nyland | 02100-02970/10 | espoo | 16
    Grankulla | Nyland | 02700-02700/10 | espoo | 3
    Kyrkslätt | Nyland | 02400-02430/10 | espoo | 4
    Sibbo | Nyland | 04130-04180/10 | helsinki | 4
    Borgå | Nyland | 06100-06200/10 | helsinki | 8
    Raseborg | Nyland | 10600-10650/10 | espoo | 7
    Hangö | Nyland | 10900-10960/10 | espoo | 3
    Åbo | Egentliga Finland | 20100-20900/10 | turku | 6
    Pargas | Egentliga Finland | 21600-21610/10 | turku | 4
    Vasa | Österbotten | 65100-65380/10 | online | 8
    Korsholm | Österbotten | 65610-65760/10 | online | 5
    Jakobstad | Österbotten | 68600-68660/10 | online | 5
    Mariehamn | Åland | 22100-22140/10 | turku | 3
"""
SWEDISH_TOWNS: Final = """
    Stockholm | Stockholms län | 11120-11869/7 | stockholm | 24
    Solna | Stockholms län | 16951-17079/3 | stockholm | 4
    Sundbyberg | Stockholms län | 17221-17279/3 | stockholm | 2
    Nacka | Stockholms län | 13130-13165/2 | stockholm | 4
    Täby | Stockholms län | 18330-18379/3 | stockholm | 3
    Södertälje | Stockholms län | 15130-15173/3 | stockholm | 3
    Huddinge | Stockholms län | 14130-14175/3 | stockholm | 3
    Uppsala | Uppsala län | 75220-75760/9 | stockholm | 6
    Göteborg | Västra Götalands län | 41101-41879/9 | goteborg | 14
    Mölndal | Västra Götalands län | 43130-43169/3 | goteborg | 2
    Borås | Västra Götalands län | 50230-50770/9 | goteborg | 3
    Trollhättan | Västra Götalands län | 46130-46178/4 | goteborg | 2
    Kungsbacka | Hallands län | 43430-43449/2 | goteborg | 2
    Halmstad | Hallands län | 30220-30299/4 | malmo | 3
    Malmö | Skåne län | 21119-21875/9 | malmo | 11
    Lund | Skåne län | 22220-22738/8 | malmo | 4
    Helsingborg | Skåne län | 25219-25749/9 | malmo | 4
    Kristianstad | Skåne län | 29131-29169/3 | malmo | 2
    Linköping | Östergötlands län | 58213-58663/9 | online | 4
    Norrköping | Östergötlands län | 60210-60385/7 | online | 3
    Jönköping | Jönköpings län | 55302-55627/7 | goteborg | 3
    Växjö | Kronobergs län | 35230-35264/3 | malmo | 2
    Örebro | Örebro län | 70210-70385/7 | online | 4
    Västerås | Västmanlands län | 72210-72597/9 | stockholm | 4
    Eskilstuna | Södermanlands län | 63217-63369/5 | stockholm | 2
    Karlstad | Värmlands län | 65220-65638/9 | online | 2
    Gävle | Gävleborgs län | 80250-80650/9 | online | 3
    Sundsvall | Västernorrlands län | 85229-85750/9 | online | 2
    Umeå | Västerbottens län | 90320-90752/9 | online | 3
    Luleå | Norrbottens län | 97231-97596/9 | online | 2
"""
BRITISH_TOWNS: Final = """
    London | Greater London | E2 E8 E17 N4 N8 N16 NW3 NW6 SE5 SE15 SE22 SW4 W5 W12 | london | 26
    Croydon | Greater London | CR0 CR2 CR7 | london | 3
    Reading | Berkshire | RG1 RG2 RG4 RG30 | london | 3
    Oxford | Oxfordshire | OX1 OX2 OX3 OX4 | london | 3
    Cambridge | Cambridgeshire | CB1 CB2 CB4 | london | 3
    Brighton | East Sussex | BN1 BN2 | london | 4
    Guildford | Surrey | GU1 GU2 GU4 | london | 2
    Southampton | Hampshire | SO14 SO15 SO16 SO18 | london | 3
    Bristol | Bristol | BS3 BS5 BS6 BS7 BS16 | online | 5
    Cardiff | Cardiff | CF5 CF11 CF14 CF24 | online | 3
    Birmingham | West Midlands | B13 B14 B17 B29 B30 B44 | online | 7
    Nottingham | Nottinghamshire | NG2 NG3 NG5 NG7 | manchester | 3
    Leicester | Leicestershire | LE2 LE3 LE5 | online | 3
    Norwich | Norfolk | NR1 NR2 NR3 | online | 2
    Manchester | Greater Manchester | M8 M14 M16 M20 M21 M25 | manchester | 10
    Stockport | Greater Manchester | SK1 SK2 SK4 SK7 | manchester | 3
    Bolton | Greater Manchester | BL1 BL2 BL3 | manchester | 2
    Liverpool | Merseyside | L4 L8 L15 L17 L18 L25 | manchester | 5
    Leeds | West Yorkshire | LS6 LS7 LS8 LS12 LS17 | manchester | 5
    Sheffield | South Yorkshire | S6 S7 S8 S10 S11 | manchester | 4
    York | North Yorkshire | YO10 YO23 YO24 YO31 | manchester | 2
    Newcastle upon Tyne | Tyne and Wear | NE2 NE3 NE4 NE6 | online | 3
    Edinburgh | City of Edinburgh | EH3 EH6 EH7 EH9 EH10 | online | 4
    Glasgow | Glasgow City | G11 G12 G20 G41 G42 | online | 4
    Belfast | County Antrim | BT5 BT6 BT7 BT9 | online | 2
"""
GERMAN_TOWNS: Final = """
    Berlin | Berlin | 10115-14199/31 | berlin | 22
    Potsdam | Brandenburg | 14467-14482/2 | berlin | 2
    Hamburg | Hamburg | 20095-22769/29 | hamburg | 16
    Lübeck | Schleswig-Holstein | 23552-23570/2 | hamburg | 3
    Kiel | Schleswig-Holstein | 24103-24159/6 | hamburg | 3
    Bremen | Bremen | 28195-28779/17 | hamburg | 5
    Hannover | Niedersachsen | 30159-30669/15 | hamburg | 5
    Göttingen | Niedersachsen | 37073-37085/2 | online | 2
    Rostock | Mecklenburg-Vorpommern | 18055-18147/7 | hamburg | 2
    Leipzig | Sachsen | 04103-04357/9 | berlin | 5
    Dresden | Sachsen | 01067-01328/9 | berlin | 4
    Düsseldorf | Nordrhein-Westfalen | 40210-40629/11 | online | 4
    Köln | Nordrhein-Westfalen | 50667-51149/13 | online | 7
    Münster | Nordrhein-Westfalen | 48143-48167/3 | online | 3
    Dortmund | Nordrhein-Westfalen | 44135-44388/9 | online | 4
    Essen | Nordrhein-Westfalen | 45127-45359/9 | online | 3
    Frankfurt am Main | Hessen | 60308-60599/11 | online | 5
    Mainz | Rheinland-Pfalz | 55116-55131/3 | online | 2
    Stuttgart | Baden-Württemberg | 70173-70629/13 | online | 4
    Freiburg im Breisgau | Baden-Württemberg | 79098-79117/3 | online | 2
    Nürnberg | Bayern | 90402-90491/7 | online | 3
    München | Bayern | 80331-81929/23 | online | 9
"""

FINNISH_STREETS: Final = """
    Kauppakatu, Koulukatu, Asemakatu, Rantatie, Koivutie, Mäkitie, Puistokatu, Kirkkokatu,
    Hämeentie, Satamakatu, Rautatienkatu, Kuusitie, Mäntytie, Pihlajatie, Peltotie, Metsätie,
    Niittytie, Vanhatie, Myllytie, Opintie, Urheilutie, Linnankatu, Torikatu, Itsenäisyydenkatu,
    Aleksanterinkatu, Yliopistonkatu, Sibeliuksenkatu, Runeberginkatu, Topeliuksenkatu,
    Kalevankatu, Vuorikatu, Ratakatu, Lehtotie, Harjukatu, Haapatie, Leppätie, Kielotie, Käpytie,
    Keskuskatu, Pohjoiskaari, Länsitie, Itäväylä, Sammonkatu, Väinämöisenkatu, Lönnrotinkatu,
    Tehtaankatu, Mustikkatie, Vadelmatie, Puolukkatie, Särkiniementie, Merenlahdentie, Jokitie
"""
FINLAND_SWEDISH_STREETS: Final = """
    Strandvägen, Skolgatan, Stationsvägen, Kyrkogatan, Storgatan, Parkgatan, Björkvägen,
    Granvägen, Backvägen, Ängsvägen, Mannerheimvägen, Runebergsgatan, Alexandersgatan,
    Topeliusgatan, Hamngatan, Esplanaden, Trädgårdsgatan, Gamla vägen, Åkervägen, Rönnvägen,
    Kvarnvägen, Fabriksgatan, Skogsvägen, Lönnrotsgatan, Handelsesplanaden, Rådhusgatan,
    Långgatan, Västra vägen, Norra vägen
"""
SWEDISH_STREETS: Final = """
    Storgatan, Kungsgatan, Drottninggatan, Vasagatan, Skolgatan, Kyrkogatan, Parkgatan,
    Järnvägsgatan, Björkvägen, Ringvägen, Skogsvägen, Ängsvägen, Tallvägen, Granvägen, Nygatan,
    Östra Storgatan, Västergatan, Södergatan, Norra vägen, Hantverkargatan, Linnégatan, Odengatan,
    Sveavägen, Karlavägen, Strandvägen, Slottsgatan, Trädgårdsgatan, Bergsgatan, Backvägen,
    Rönnvägen, Sturegatan, Repslagaregatan, Kaptensgatan, Smedjegatan, Fabriksgatan,
    Stationsgatan, Åsgatan, Blåsippevägen, Lingonvägen, Hallonvägen, Lärkvägen, Svalvägen,
    Nordenskiöldsgatan, Majorsgatan
"""
BRITISH_STREETS: Final = """
    High Street, Station Road, Church Lane, Victoria Road, Green Lane, Manor Road, Kings Road,
    Park Avenue, Queens Road, The Crescent, Mill Lane, London Road, Grove Road, Albert Street,
    School Lane, Alexandra Road, York Road, Chapel Street, Highfield Road, North Street,
    Springfield Road, The Avenue, Windsor Close, West Street, Orchard Close, Cedar Drive, Meadow
    View, Elm Grove, Beech Avenue, Clarence Road, Lime Tree Walk, Oakfield Road, Woodlands Avenue,
    St John's Road, Cromwell Street, Wellington Terrace, Hawthorn Way, Primrose Hill, Bridge
    Street, Cavendish Road
"""
GERMAN_STREETS: Final = """
    Hauptstraße, Schulstraße, Bahnhofstraße, Gartenstraße, Dorfstraße, Bergstraße, Birkenweg,
    Lindenstraße, Kirchstraße, Waldstraße, Ringstraße, Goethestraße, Schillerstraße, Mozartstraße,
    Beethovenstraße, Jahnstraße, Rosenweg, Ahornweg, Buchenweg, Wiesenstraße, Am Mühlbach,
    Feldstraße, Friedrichstraße, Uhlandstraße, Lessingstraße, Kastanienallee, Blumenstraße,
    Marktplatz, Mühlenweg, Poststraße, Talstraße, Parkstraße, Eichendorffstraße, Kantstraße,
    Südring, Nordstraße, Hafenstraße, Am Stadtpark, Lange Straße, Tannenweg, Fliederweg,
    Rathausstraße
"""

"""First and last names of the demo customers, by country and generation.

Owns lists of common names, nothing else: which person bears which name is decided by ``people``.
Each list goes from frequent to rare, because ``populations`` weighs names by their place in it.
First names come as three generations: born before 1960, from 1960 to 1984, since 1985.
"""

from __future__ import annotations

from typing import Final

Generations = tuple[str, str, str]

FINNISH_WOMEN: Final[Generations] = (
    """Ritva Leena Pirkko Tuula Anneli Seija Marjatta Eila Raija Helena Kaarina Sirkka Aino Irja
    Hilkka Terttu Anja Aila Irma Maija Liisa Eeva Pirjo Kirsti Annikki Sirkka-Liisa""",
    """Päivi Tiina Sari Minna Anne Satu Kirsi Merja Katja Heidi Marika Mervi Riikka Outi Sanna Jaana
    Tarja Johanna Nina Susanna Hanna Virpi Anu Arja Marja-Leena Ulla""",
    """Laura Jenna Emilia Anniina Sini Iida Veera Noora Roosa Essi Milla Oona Henna Suvi Elina
    Mira Jasmin Aada Senni Venla Saara Reetta Katri Kaisa Siiri Anna-Maija""",
)
FINNISH_MEN: Final[Generations] = (
    """Matti Pekka Juhani Kari Seppo Timo Heikki Jorma Raimo Esko Erkki Veikko Martti Pentti Reijo
    Eino Olavi Tapani Kalevi Risto Antero Tauno Yrjö Paavo Hannu Juha-Pekka""",
    """Mika Jari Marko Jukka Petri Sami Jani Harri Tero Kimmo Janne Ari Vesa Markku Pasi Jyrki
    Toni Jarkko Tomi Ilkka Teemu Mikko Arto Kai Sakari Olli-Pekka""",
    """Ville Juho Antti Lauri Joonas Eetu Niko Aleksi Tuomas Otto Joni Eemeli Santeri Henri Valtteri
    Onni Oskari Miika Roope Jesse Konsta Samuli Arttu Kalle Elias Väinö""",
)
SWEDISH_WOMEN: Final[Generations] = (
    """Birgitta Margareta Inger Gunilla Kerstin Gun Ingrid Barbro Britt Berit Monica Siv Maj-Britt
    Ulla Solveig Gudrun Anita Elsa Märta Astrid Lena Karin Ann-Marie Yvonne""",
    """Anna Maria Åsa Susanne Camilla Helena Jenny Annika Ulrika Marie Karolina Linda Pernilla
    Charlotte Anneli Malin Ann-Sofie Katarina Petra Carina Sara Jessica Åse Mia""",
    """Emma Elin Julia Linnéa Ida Amanda Hanna Sofia Frida Josefin Matilda Moa Wilma Ebba Alva
    Klara Tilda Felicia Saga Louise Agnes Nora Amina Fatima""",
)
SWEDISH_MEN: Final[Generations] = (
    """Lars Göran Bengt Lennart Sven Åke Rolf Leif Kjell Stig Jan Bo Arne Gunnar Ingvar Börje
    Hans Roland Sture Tage Bertil Karl-Erik Lars-Åke Torsten""",
    """Anders Peter Fredrik Magnus Mats Håkan Patrik Stefan Henrik Jonas Mikael Thomas Niklas Jörgen
    Roger Tommy Per Martin Daniel Andreas Johan Ulf Björn Carl-Johan""",
    """Erik Oscar Viktor Emil Simon Filip Gustav Axel Anton Ludvig Hugo Linus Albin Rasmus
    Jesper Marcus Sebastian William Melvin Elliot Noel Ali Sixten Måns""",
)
BRITISH_WOMEN: Final[Generations] = (
    """Margaret Patricia Susan Christine Jean Linda Maureen Sheila Pauline Barbara Janet Carol
    Brenda Eileen Dorothy Sandra Joan Valerie Shirley Beryl Marion Rosemary""",
    """Karen Tracey Sharon Julie Nicola Deborah Joanne Claire Samantha Michelle Alison Lisa Helen
    Dawn Jacqueline Lorraine Donna Angela Sarah Rachel Fiona Parveen""",
    """Emily Charlotte Jessica Chloe Sophie Bethany Lauren Megan Olivia Georgia Gemma Hannah Abigail
    Holly Amelia Zoë Stacey Natalie Freya Aisha Priya Imogen""",
)
BRITISH_MEN: Final[Generations] = (
    """John David Michael Peter Alan Brian Keith Roger Derek Raymond Kenneth Barry Terence Roy
    Trevor Malcolm Graham Geoffrey Norman Dennis Ronald Clive""",
    """Paul Andrew Mark Stephen Gary Ian Simon Neil Martin Darren Wayne Kevin Jason Stuart Lee
    Craig Adrian Gareth Nigel Russell Duncan Imran""",
    """James Thomas Daniel Joshua Matthew Luke Ryan Callum Liam Adam Connor Oliver Lewis Jack Harry
    Alfie George Kieran Ben Rhys Mohammed Arjun""",
)
GERMAN_WOMEN: Final[Generations] = (
    """Ursula Renate Helga Ingrid Monika Karin Gisela Christa Brigitte Erika Elisabeth Hannelore
    Gerda Waltraud Edith Irmgard Rosemarie Bärbel Heidemarie Jutta Käthe Anneliese""",
    """Sabine Petra Susanne Andrea Claudia Martina Birgit Heike Anja Nicole Katrin Silke Tanja
    Ute Bettina Kerstin Simone Melanie Stefanie Manuela Anke Jana""",
    """Julia Katharina Laura Lena Lisa Sarah Hannah Franziska Anna Jana Marie Sophie Theresa Johanna
    Vanessa Svenja Leonie Antonia Miriam Carolin Merve Zoé""",
)
GERMAN_MEN: Final[Generations] = (
    """Hans Klaus Günter Horst Manfred Werner Dieter Helmut Heinz Jürgen Gerhard Wolfgang Karl
    Rolf Siegfried Herbert Ernst Friedrich Hans-Peter Karl-Heinz Rüdiger Götz""",
    """Thomas Andreas Michael Stefan Frank Jörg Uwe Ralf Matthias Torsten Olaf Markus Jens Holger
    Sven Dirk Carsten Björn Axel Volker Heiko Christoph""",
    """Jan Tobias Lukas Maximilian Florian Felix Jonas Philipp Tim Niklas Paul Moritz Sebastian
    Julian Fabian Leon Marvin Jannik Simon Emre Benedikt Sören""",
)

FINNISH_FAMILIES: Final = """
    Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen
    Lehtinen Saarinen Salminen Heinonen Niemi Heikkilä Kinnunen Salonen Turunen Salo Laitinen
    Tuominen Rantanen Karjalainen Jokinen Mattila Savolainen Lahtinen Ahonen Ojala Leppänen
    Kallio Leinonen Väisänen Hiltunen Miettinen Pitkänen Aaltonen Manninen Koivisto Hakala Anttila
    Laaksonen Hirvonen Räsänen Lehto Laakso Toivonen Aalto Mustonen Rautiainen Nurmi Peltola
    Seppälä Lappalainen Moilanen Partanen Kettunen Peltonen Kauppinen Lampinen Vainio Salmi Kokkonen
    Ylönen Nykänen Huttunen Hyvönen Karppinen Kärkkäinen Pulkkinen Rissanen Eskola Vuori Tikkanen
    Oksanen Häkkinen Kivelä Ruotsalainen Sorsa Pesonen Äijälä Törmänen Puustinen Ylitalo
"""
FINLAND_SWEDISH_FAMILIES: Final = """
    Johansson Nyman Lindholm Karlsson Andersson Lindström Eriksson Lindqvist Sundström Nyström
    Wikström Blomqvist Holmström Sjöblom Söderholm Lindroos Granlund Backman Forsström Björklund
    Englund Nordström Sundqvist Sandström Nyberg Fagerström Björkman Ekholm Grönroos Häggblom
    Stenbacka Österholm Öhman Åkerlund Rosenlund Westerlund Enqvist Sandell Kullberg Ahlfors
    Nylund Höglund Engblom Fagerholm Sjöholm Wahlroos Strandberg Grönlund Snellman Hellström Renlund
    Mattsson Häggström Sjöberg Ahlskog Löfgren Dahlbacka Rönnqvist Wikman Kronqvist Finell
    Westerholm Gustafsson Broman Hagman Lindberg Ekström Kjellman Ståhl Bäckström Byman Slotte
    Stenman Ingman Smeds Långbacka Storbacka Norrgård Söderlund Åström Hellman Forsman
"""
SWEDISH_FAMILIES: Final = """
    Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson
    Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Olofsson
    Lindström Lindqvist Lindgren Axelsson Berg Bergström Lundberg Lind Lundgren Lundqvist
    Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg Wallin Engström Eklund
    Danielsson Lundin Håkansson Björk Bergman Gunnarsson Holm Wikström Samuelsson Isaksson
    Fransson Bergqvist Nyström Holmberg Arvidsson Löfgren Söderberg Nyberg Blomqvist Claesson
    Nordström Mårtensson Lundström Viklund Björklund Eliasson Pålsson Berggren Sandström Nordin
    Ström Åberg Hermansson Ekström Falk Holmgren Sundberg Hedlund Dahlberg Hellström Sjögren
    Abrahamsson Öberg Ek Hassan Ali Åkesson Månsson Norberg
"""
BRITISH_FAMILIES: Final = """
    Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans
    Walker White Roberts Green Hall Wood Jackson Clarke Khan Hughes Edwards Harris Lewis Turner
    Cooper Hill Ward Morris Moore Clark Baker Harrison King Morgan Allen James Scott Phillips
    Watson Davis Parker Price Bennett Young Griffiths Mitchell Kelly Cook Carter Richardson Bailey
    Collins Bell Shaw Murphy Miller Cox Richards Marshall Simpson Anderson Adams Hussain Foster
    Webb Chapman Mason Rogers Gray Hunt Holmes Palmer Begum Matthews Fisher Barnes Knight Lloyd
    Butler Barker Stevens Jenkins O'Brien Dixon Fletcher Hargreaves Pickering Thistlethwaite
"""
GERMAN_FAMILIES: Final = """
    Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch
    Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange
    Schmitt Werner Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer
    Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller
    Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon
    Böhm Winter Kraus Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt
    Haas Schreiber Graf Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Yilmaz Kaya
    Voigt Sauer Arnold Wolff Pfeiffer Strauß Heß
"""

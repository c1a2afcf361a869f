#!/usr/bin/env python3
"""Writes policy/distances-v1.tsv: whole kilometres between Dutch cities and the ten police units.

Great-circle distances between the coordinates below, rounded to whole kilometres. The coordinates are those of the
town centres, to two decimals; a police unit is taken at a town near the middle of its area. An approximation, good
enough for "how far from danger", and an assumption of the policy: it is no travel distance.
"""
import math
import sys

# name, police unit, latitude, longitude, other spellings
PLACES = [
    ("Amsterdam", "Amsterdam", 52.37, 4.90, ""),
    ("Amstelveen", "Amsterdam", 52.30, 4.86, ""),
    ("Diemen", "Amsterdam", 52.34, 4.96, ""),
    ("Alkmaar", "Noord-Holland", 52.63, 4.75, ""),
    ("Haarlem", "Noord-Holland", 52.38, 4.64, ""),
    ("Haarlemmermeer", "Noord-Holland", 52.30, 4.69, "Hoofddorp"),
    ("Hoorn", "Noord-Holland", 52.64, 5.06, ""),
    ("Den Helder", "Noord-Holland", 52.96, 4.76, ""),
    ("Zaanstad", "Noord-Holland", 52.44, 4.83, "Zaandam"),
    ("Purmerend", "Noord-Holland", 52.51, 4.96, ""),
    ("Almere", "Midden-Nederland", 52.37, 5.22, ""),
    ("Lelystad", "Midden-Nederland", 52.52, 5.48, ""),
    ("Utrecht", "Midden-Nederland", 52.09, 5.12, ""),
    ("Amersfoort", "Midden-Nederland", 52.16, 5.39, ""),
    ("Hilversum", "Midden-Nederland", 52.22, 5.18, ""),
    ("Nieuwegein", "Midden-Nederland", 52.03, 5.08, ""),
    ("Rotterdam", "Rotterdam", 51.92, 4.48, ""),
    ("Dordrecht", "Rotterdam", 51.81, 4.67, ""),
    ("Schiedam", "Rotterdam", 51.92, 4.40, ""),
    ("Vlaardingen", "Rotterdam", 51.91, 4.34, ""),
    ("Den Haag", "Den Haag", 52.08, 4.31, "'s-Gravenhage|The Hague"),
    ("Delft", "Den Haag", 52.01, 4.36, ""),
    ("Leiden", "Den Haag", 52.16, 4.49, ""),
    ("Zoetermeer", "Den Haag", 52.06, 4.49, ""),
    ("Gouda", "Den Haag", 52.01, 4.71, ""),
    ("Westland", "Den Haag", 51.99, 4.21, "Naaldwijk"),
    ("Zwolle", "Oost-Nederland", 52.51, 6.09, ""),
    ("Enschede", "Oost-Nederland", 52.22, 6.89, ""),
    ("Deventer", "Oost-Nederland", 52.25, 6.16, ""),
    ("Hengelo", "Oost-Nederland", 52.27, 6.79, ""),
    ("Almelo", "Oost-Nederland", 52.36, 6.66, ""),
    ("Apeldoorn", "Oost-Nederland", 52.21, 5.97, ""),
    ("Arnhem", "Oost-Nederland", 51.98, 5.91, ""),
    ("Nijmegen", "Oost-Nederland", 51.84, 5.86, ""),
    ("Ede", "Oost-Nederland", 52.04, 5.67, ""),
    ("Doetinchem", "Oost-Nederland", 51.97, 6.29, ""),
    ("Groningen", "Noord-Nederland", 53.22, 6.57, ""),
    ("Leeuwarden", "Noord-Nederland", 53.20, 5.80, ""),
    ("Assen", "Noord-Nederland", 52.99, 6.56, ""),
    ("Emmen", "Noord-Nederland", 52.78, 6.90, ""),
    ("Heerenveen", "Noord-Nederland", 52.96, 5.92, ""),
    ("Geeuwenbrug", "Noord-Nederland", 52.87, 6.31, "Westerveld"),
    ("Breda", "Zeeland-West-Brabant", 51.59, 4.78, ""),
    ("Tilburg", "Zeeland-West-Brabant", 51.56, 5.09, ""),
    ("Goirle", "Zeeland-West-Brabant", 51.52, 5.07, ""),
    ("Bergen op Zoom", "Zeeland-West-Brabant", 51.49, 4.29, ""),
    ("Roosendaal", "Zeeland-West-Brabant", 51.53, 4.46, ""),
    ("Middelburg", "Zeeland-West-Brabant", 51.50, 3.61, ""),
    ("Vlissingen", "Zeeland-West-Brabant", 51.44, 3.57, ""),
    ("Eindhoven", "Oost-Brabant", 51.44, 5.48, ""),
    ("'s-Hertogenbosch", "Oost-Brabant", 51.69, 5.30, "Den Bosch"),
    ("Helmond", "Oost-Brabant", 51.48, 5.66, ""),
    ("Oss", "Oost-Brabant", 51.77, 5.52, ""),
    ("Maastricht", "Limburg", 50.85, 5.69, ""),
    ("Heerlen", "Limburg", 50.89, 5.98, ""),
    ("Sittard-Geleen", "Limburg", 51.00, 5.87, "Sittard|Geleen"),
    ("Roermond", "Limburg", 51.19, 5.99, ""),
    ("Venlo", "Limburg", 51.37, 6.17, ""),
    # the police units themselves, at a town near the middle
    ("unit Noord-Nederland", "Noord-Nederland", 52.99, 6.56, ""),
    ("unit Oost-Nederland", "Oost-Nederland", 52.25, 6.16, ""),
    ("unit Midden-Nederland", "Midden-Nederland", 52.16, 5.39, ""),
    ("unit Noord-Holland", "Noord-Holland", 52.63, 4.75, ""),
    ("unit Amsterdam", "Amsterdam", 52.37, 4.90, ""),
    ("unit Den Haag", "Den Haag", 52.06, 4.49, ""),
    ("unit Rotterdam", "Rotterdam", 51.92, 4.48, ""),
    ("unit Zeeland-West-Brabant", "Zeeland-West-Brabant", 51.53, 4.46, ""),
    ("unit Oost-Brabant", "Oost-Brabant", 51.48, 5.66, ""),
    ("unit Limburg", "Limburg", 51.19, 5.99, ""),
]


def km(a, b):
    """Great-circle distance in whole kilometres."""
    (lat1, lon1), (lat2, lon2) = [(math.radians(p[2]), math.radians(p[3])) for p in (a, b)]
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return round(2 * 6371.0 * math.asin(math.sqrt(h)))


def main():
    out = sys.stdout
    out.write("# Distances, version 1: written by tools/distances.py. Approximation and assumption, see there.\n")
    out.write("# name, police unit, other spellings, kilometres to every row above\n")
    for index, place in enumerate(PLACES):
        row = " ".join(str(km(place, earlier)) for earlier in PLACES[:index])
        out.write(f"{place[0]}\t{place[1]}\t{place[4]}\t{row}\n")


main()

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>
/// Lays the layers of two sides beside each other. Layers with one name are one layer, whatever they hold; what has no
/// namesake is paired with what holds the same, and where nothing does, with what stands in its place.
/// </summary>
internal sealed class ActivationAlignment
{
    /// <summary>Digits from which on two arrays are alike: those of layers that have nothing in common agree in fewer.</summary>
    private const double AlikeDigits = 2;

    /// <summary>Digits from which on two arrays are the same but for rounding.</summary>
    private const double SameDigits = 4;

    /// <summary>Beyond that many pairs names alone count.</summary>
    private const long MostCells = 1 << 22;

    private readonly AlignedSide _a;
    private readonly AlignedSide _b;

    /// <summary>Lays out two sides.</summary>
    /// <param name="a">Layers of one side.</param>
    /// <param name="b">Layers of the other side.</param>
    public ActivationAlignment(AlignedSide a, AlignedSide b)
    {
        (_a, _b) = (a, b);
        var names = ActivationNames.Common(a.Entries, b.Entries).ToList();
        foreach (var (first, second) in names)
        {
            (a.HasNamesake[first], b.HasNamesake[second]) = (true, true);
        }
        names.ForEach(pair => PairNamesakes(pair.A, pair.B));
        if ((long)a.Count * b.Count <= MostCells)
        {
            PairInOrder([.. a.Open], [.. b.Open]);
            PairTheSame();
        }
        PairInGaps();
        IsByName = 2 * names.Count >= Math.Min(a.LayerCount, b.LayerCount);
    }

    /// <summary>Whether most layers of the side that has fewer have a name in common with one of the other side.</summary>
    public bool IsByName { get; }

    /// <summary>Whether layers were left out that may differ, but as well may be no pair.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>The pairs, as places on both sides, in the order of the first.</summary>
    public IEnumerable<(int A, int B)> Pairs =>
        _a.Partners.Index().Where(pair => pair.Item >= 0).Select(pair => (pair.Index, pair.Item));

    private double Digits(int a, int b) => _a.Digests[a].DigitsWith(_b.Digests[b]);

    private void Pair(int a, int b) => (_a.Partners[a], _b.Partners[b]) = (b, a);

    /// <summary>
    /// A convolution that has a normalisation folded into it gives what the normalisation gives on the other side, which
    /// follows its namesake there and has no namesake itself.
    /// </summary>
    private void PairNamesakes(int a, int b)
    {
        var (isFoldedA, isFoldedB) = (_a.Entries[a].MayBeFolded, _b.Entries[b].MayBeFolded);
        var (placeA, placeB) = (
            isFoldedB && !isFoldedA ? _a.LastBehind(a) : a,
            isFoldedA && !isFoldedB ? _b.LastBehind(b) : b
        );
        var isRaw = isFoldedA != isFoldedB && (placeA, placeB) == (a, b);
        // Where nothing follows, whether one is folded is not known.
        if (isRaw && Digits(a, b) < SameDigits)
        {
            IsAmbiguous = true;
            return;
        }
        Pair(placeA, placeB);
    }

    /// <summary>Of all pairings that keep the order of both sides, the one with most digits in common; of such the earliest.</summary>
    private void PairInOrder(int[] a, int[] b)
    {
        var worths = new double[a.Length, b.Length];
        var best = new double[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                worths[i, j] = Worth(a[i], b[j], AlikeDigits);
                var skipping = Math.Max(best[i + 1, j], best[i, j + 1]);
                best[i, j] = Math.Max(skipping, worths[i, j] > 0 ? worths[i, j] + best[i + 1, j + 1] : 0);
            }
        }
        for (var (i, j) = (0, 0); i < a.Length && j < b.Length; )
        {
            if (worths[i, j] > 0 && best[i, j] == worths[i, j] + best[i + 1, j + 1])
            {
                Pair(a[i++], b[j++]);
            }
            else if (best[i, j] == best[i, j + 1])
            {
                j++;
            }
            else
            {
                i++;
            }
        }
    }

    /// <summary>Layers that are the same in whatever order they ran, as those of parallel branches.</summary>
    private void PairTheSame()
    {
        foreach (var a in _a.Open.ToList())
        {
            var others = _b.Open.Where(b => Worth(a, b, SameDigits) > 0).ToList();
            if (others.Count > 0)
            {
                Pair(a, others.MaxBy(b => Worth(a, b, SameDigits)));
            }
        }
    }

    // Zeros are the same wherever they are.
    private double Worth(int a, int b, double least)
    {
        var isComparable = _a.Sizes[a] == _b.Sizes[b] && _a.Digests[a].Largest > 0;
        return isComparable && Digits(a, b) is var digits && digits >= least ? digits : 0;
    }

    /// <summary>What stands between two pairs on both sides and is not alike: the layers of a shape in their order.</summary>
    private void PairInGaps()
    {
        var (fromA, fromB) = (0, 0);
        foreach (var (a, b) in Ordered().Append((A: _a.Count, B: _b.Count)))
        {
            var hasParted = a == _a.Count || Digits(a, b) < SameDigits;
            PairSizes(_a.OpenIn(fromA, a), _b.OpenIn(fromB, b), hasParted);
            (fromA, fromB) = (a, b);
        }
    }

    /// <summary>The pairs behind all pairs before them on both sides.</summary>
    private List<(int A, int B)> Ordered()
    {
        var last = -1;
        var ordered = new List<(int, int)>();
        foreach (var (a, b) in Pairs)
        {
            if (b > last)
            {
                ordered.Add((a, b));
                last = b;
            }
        }
        return ordered;
    }

    private void PairSizes(List<int> a, List<int> b, bool hasParted)
    {
        foreach (var group in a.GroupBy(place => _a.Sizes[place]))
        {
            var (first, second) = (group.ToList(), b.FindAll(place => _b.Sizes[place] == group.Key));
            if (first.Count != second.Count)
            {
                first = _a.Layers(first);
                second = _b.Layers(second);
            }
            (first, second) = (Unfolded(_b, second, first, _a), Unfolded(_a, first, second, _b));
            foreach (var (one, other) in first.Zip(second))
            {
                // Before a pair that is the same, beside a folded side, what one side alone has is no divergence.
                if (hasParted || !(_a.IsFolded || _b.IsFolded) || Digits(one, other) >= SameDigits)
                {
                    Pair(one, other);
                }
                else
                {
                    IsAmbiguous = true;
                }
            }
        }
    }

    /// <summary>The layers of a side, without those that the other side has folded into the next, where that explains their number.</summary>
    private static List<int> Unfolded(AlignedSide folded, List<int> few, List<int> many, AlignedSide side)
    {
        var foldedCount = few.Count(place => folded.Entries[place].MayBeFolded);
        if (foldedCount == 0 || many.Count != few.Count + foldedCount || side.IsFolded)
        {
            return many;
        }
        var result = new List<int>();
        var next = 0;
        foreach (var place in few)
        {
            next += folded.Entries[place].MayBeFolded ? 1 : 0;
            result.Add(many[next++]);
        }
        return result;
    }
}

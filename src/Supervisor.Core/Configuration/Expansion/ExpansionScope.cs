namespace Supervisor.Core.Configuration.Expansion;

/// <summary>The names that <c>%(name)s</c> may use in one place: texts, or whole numbers for <c>process_num</c> and <c>numprocs</c> (CFG-031).</summary>
internal sealed class ExpansionScope
{
    private readonly Dictionary<string, object> _names = new(StringComparer.Ordinal);

    public ExpansionScope()
    {
    }

    public ExpansionScope(ExpansionScope other)
    {
        foreach (var (name, value) in other._names)
        {
            _names[name] = value;
        }
    }

    public IEnumerable<KeyValuePair<string, object>> Names => _names;

    public ExpansionScope Set(string name, string value)
    {
        _names[name] = value;
        return this;
    }

    public ExpansionScope Set(string name, long value)
    {
        _names[name] = value;
        return this;
    }

    /// <summary>Adds every name of the other scope, overriding.</summary>
    public ExpansionScope Merge(ExpansionScope other)
    {
        foreach (var (name, value) in other._names)
        {
            _names[name] = value;
        }

        return this;
    }

    public bool TryGet(string name, out object value) => _names.TryGetValue(name, out value!);

    /// <summary>Expands, or throws with Supervisor's text (CFG-026, CFG-027).</summary>
    /// <param name="format">Text with <c>%</c> conversions.</param>
    /// <param name="place">What the message calls it: <c>section.option</c> for most.</param>
    /// <param name="isSecret">The message does not show the text.</param>
    public string Expand(string format, string place, bool isSecret = false)
    {
        if (!format.Contains('%', StringComparison.Ordinal))
        {
            return format;
        }

        try
        {
            return PercentFormat.Format(format, this);
        }
        catch (UnknownNameException e)
        {
            var available = _names.Keys.ToArray();
            Array.Sort(available, CodePointOrder.Comparer);
            throw new ConfigException(
                $"Format string {Shown()} for {PythonRepr.Of(place)} contains names ({PythonRepr.Of(e.Name)}) which cannot be " +
                $"expanded. Available names: {string.Join(", ", available)}");
        }
        catch (FormatTextException e)
        {
            throw new ConfigException($"Format string {Shown()} for {PythonRepr.Of(place)} is badly formatted: {e.Message}");
        }

        string Shown() => isSecret ? "(not shown)" : PythonRepr.Of(format);
    }

    /// <summary><c>repr()</c> of the whole table, which a bare <c>%s</c> renders (CFG-028).</summary>
    public string Repr() =>
        "{" + string.Join(", ", _names.Select(n => PythonRepr.Of(n.Key) + ": " + (n.Value is string s ? PythonRepr.Of(s) : PercentFormat.Text(n.Value)))) + "}";
}

/// <summary>A name in a format string that is not in scope.</summary>
internal sealed class UnknownNameException(string name) : Exception
{
    public string Name { get; } = name;
}

/// <summary>A format string that Python would refuse, with its reason.</summary>
internal sealed class FormatTextException(string message) : Exception(message);

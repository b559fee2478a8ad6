// SPDX-License-Identifier: GPL-3.0-or-later
// Mono's System.Web.Services: calls what each line of standard input says; see clients.py.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Web.Script.Serialization;
using System.Web.Services.Protocols;
using System.Xml;

class MonoClient
{
    static readonly JavaScriptSerializer Json = new JavaScriptSerializer();

    // The stub's parameter of this type, from JSON's; what is optional comes with a flag "…Specified".
    static object Argument(ParameterInfo parameter, IDictionary<string, object> given)
    {
        const string flag = "Specified";
        object value;
        if (parameter.IsOut)
            return null;
        if (parameter.Name.EndsWith(flag))
            return given.ContainsKey(parameter.Name.Substring(0, parameter.Name.Length - flag.Length));
        if (!given.TryGetValue(parameter.Name, out value) || value == null)
            return parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;
        if (parameter.ParameterType == typeof(DateTime))
            return DateTime.Parse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        return Convert.ChangeType(value, parameter.ParameterType, CultureInfo.InvariantCulture);
    }

    static object Plain(object value)
    {
        if (value is DateTime)
            return ((DateTime)value).ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ");
        return value is Enum ? value.ToString() : value;
    }

    static object Answer(Vendor client, string operation, IDictionary<string, object> given)
    {
        var method = typeof(Vendor).GetMethod(operation);
        var parameters = method.GetParameters();
        var values = parameters.Select(parameter => Argument(parameter, given)).ToArray();
        var message = method.Invoke(client, values);
        var answer = parameters.Zip(values, (parameter, value) => new { parameter, value })
            .Where(pair => pair.parameter.IsOut)
            .ToDictionary(pair => pair.parameter.Name, pair => Plain(pair.value));
        answer["Message"] = message;
        return new { answer };
    }

    static object Call(Vendor client, string line)
    {
        var call = (IDictionary<string, object>)Json.DeserializeObject(line);
        var given = (IDictionary<string, object>)call["parameters"];
        foreach (var ours in new[] { new[] { "VendorID", "VENDOR_ID" }, new[] { "VendorPassword", "VENDOR_PASSWORD" } })
            if (!given.ContainsKey(ours[0]))
                given[ours[0]] = Environment.GetEnvironmentVariable(ours[1]);
        try
        {
            return Answer(client, (string)call["operation"], given);
        }
        catch (TargetInvocationException error)
        {
            var soap = error.InnerException as SoapException;
            if (soap == null || soap.Detail == null)
                return new { error = error.InnerException.ToString() };
            return new { fault = soap.Detail.SelectNodes("*[local-name() = 'VendorFault']/*").Cast<XmlNode>()
                .ToDictionary(node => node.LocalName, node => node.InnerText) };
        }
    }

    static void Main()
    {
        var client = new Vendor { Url = Environment.GetEnvironmentVariable("FARTHING_ENDPOINT") };
        var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        for (string line; (line = input.ReadLine()) != null; )
            Console.WriteLine(Json.Serialize(Call(client, line)));
    }
}
